import { anyPrior, checkAlpha } from './beta-mixture.ts';
import type { Column } from './column.ts';
import { differenceSequence } from './difference-sequence.ts';
import { checkHistograms } from './histogram.ts';
import type { Interval } from './proportion.ts';

/** How far two distributions are apart, and the interval of it. */
export interface DistributionDistance extends Interval {
  /** Largest difference of the shares up to a bound: 0 for equal histograms, 1 for such as do not overlap. */
  readonly distance: number;
  /** Where it lies: the difference is that of the shares in the bins 0 to `bin`. */
  readonly bin: number;
}

/**
 * The largest difference between two distribution functions at the bounds of their common bins, the distance of Kolmogorov and Smirnov,
 * by all rows so far, for as many looks as one likes: the chance that the interval ever misses the truth is at most `alpha`. Each bound's
 * difference of shares has its `differenceSequence` with an equal part of alpha, so that all of them hold at once. A distance is never
 * negative: below the lower end lies what noise alone explains. Counts may have fractions.
 * Throws RangeError unless both have the same bins, no negative count and a row each, or for an alpha outside (0, 1).
 */
export function distributionDistanceSequence(countsA: Column, countsB: Column, alpha: number): DistributionDistance {
  checkHistograms({ countsA, countsB });
  checkAlpha(alpha);
  const bounds = Math.max(1, countsA.length - 1);
  const [trialsA, trialsB] = [sumOf(countsA), sumOf(countsB)];
  let [sumA, sumB, distance, bin, lower, upper] = [0, 0, 0, 0, 0, 0];
  for (let bound = 0; bound < bounds; bound++) {
    const [countA, countB] = [countsA[bound] as number, countsB[bound] as number];
    sumA = Math.min(trialsA, sumA + countA);
    sumB = Math.min(trialsB, sumB + countB);
    // An empty bin has the difference of the bin before it.
    if (countA === 0 && countB === 0 && bound > 0) continue;
    const a = { successes: sumA, trials: trialsA };
    const found = differenceSequence(a, { successes: sumB, trials: trialsB }, alpha / bounds, anyPrior);
    lower = Math.max(lower, found.lower, -found.upper);
    upper = Math.max(upper, -found.lower, found.upper);
    if (Math.abs(found.difference) <= distance) continue;
    distance = Math.abs(found.difference);
    bin = bound;
  }
  return { distance, bin, lower, upper };
}

function sumOf(counts: Column): number {
  let sum = 0;
  for (let bin = 0; bin < counts.length; bin++) sum += counts[bin] as number;
  return sum;
}
