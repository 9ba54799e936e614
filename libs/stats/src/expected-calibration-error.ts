import { type CalibrationBin, calibrationBins } from './calibration-bins.ts';
import type { Column } from './column.ts';
import { normalCdf, normalDensity } from './normal-distribution.ts';

/**
 * Expected calibration error: the mean over rows of |mean predicted - observed share| of the row's bin, 15 equal-mass bins.
 * A perfectly calibrated model does not score 0 but about 0.8 standard errors of a bin's observed share.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1 or a probability outside [0, 1].
 */
export function expectedCalibrationError(labels: Column, probabilities: Column): number {
  return weightedGap(calibrationBins(labels, probabilities), absoluteGap);
}

/**
 * The expected calibration error less an estimate of what sampling noise adds to it, never below 0; arguments and errors
 * as above. Of a large error it removes little; of a calibrated model's it leaves about 0.6.
 * Each bin's observed share is taken as normal with variance share (1 - share) / count, and its gap is reduced by the
 * difference between the mean of the folded normal and the gap itself.
 * Source: the normal-theory debiasing of A. Kumar, P. Liang, T. Ma, "Verified uncertainty calibration" (2019), in closed form.
 */
export function debiasedCalibrationError(labels: Column, probabilities: Column): number {
  return Math.max(0, weightedGap(calibrationBins(labels, probabilities), debiasedGap));
}

const absoluteGap = (bin: CalibrationBin) => Math.abs(bin.meanPredicted - bin.observedShare);

function debiasedGap(bin: CalibrationBin): number {
  const gap = absoluteGap(bin);
  const noise = Math.sqrt((bin.observedShare * (1 - bin.observedShare)) / bin.count);
  if (noise === 0) return gap;
  const foldedMean = 2 * noise * normalDensity(gap / noise) + gap * (1 - 2 * normalCdf(-gap / noise));
  return gap - (foldedMean - gap);
}

function weightedGap(bins: readonly CalibrationBin[], gapOf: (bin: CalibrationBin) => number): number {
  let sum = 0;
  let rows = 0;
  for (const bin of bins) {
    sum += bin.count * gapOf(bin);
    rows += bin.count;
  }
  return sum / rows;
}
