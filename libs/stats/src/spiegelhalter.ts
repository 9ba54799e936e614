import { type Column, checkLabels, checkProbabilities, checkRows, refusal } from './column.ts';
import { normalCdf } from './normal-distribution.ts';

/** What Spiegelhalter's test says of probabilities. */
export interface SpiegelhalterResult {
  /** Positive when the Brier score is worse than the probabilities promise: too sure of themselves. */
  readonly z: number;
  /** Two-sided p-value of "every probability is right". */
  readonly pValue: number;
}

/**
 * Spiegelhalter's test of calibration: the Brier score against what it would be if every probability were right. Rows are
 * taken as independent. Of many thousand rows it finds deviations too small to matter; read it beside `calibrationSlope`.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1, a probability outside [0, 1], or
 * when every probability is 0, 1/2 or 1, about which the score says nothing.
 * Source: D. Spiegelhalter, Statistics in Medicine 5 (1986).
 */
export function spiegelhalter(labels: Column, probabilities: Column): SpiegelhalterResult {
  checkRows({ labels, probabilities });
  checkLabels('labels', labels);
  checkProbabilities('probabilities', probabilities);
  let excess = 0;
  let variance = 0;
  for (let row = 0; row < labels.length; row++) {
    const probability = probabilities[row] as number;
    const leverage = 1 - 2 * probability;
    excess += ((labels[row] as number) - probability) * leverage;
    variance += leverage ** 2 * probability * (1 - probability);
  }
  if (variance === 0)
    throw refusal('probabilities', 'only 0, 1/2 and 1', 'another probability', 'report no test of calibration');
  const z = excess / Math.sqrt(variance);
  return { z, pValue: 2 * normalCdf(-Math.abs(z)) };
}
