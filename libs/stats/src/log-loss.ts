import { type Column, checkLabels, checkProbabilities, checkRows } from './column.ts';
import { mean } from './mean.ts';

/** The least likelihood a row is given: a mistake made with certainty costs 34.5 nats and not infinity. */
const LEAST_LIKELIHOOD = 1e-15;

/**
 * Mean negative log-likelihood of 0/1 `labels` under `probabilities` of class 1, in nats; likelihoods under 1e-15 count as 1e-15.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1 or a probability outside [0, 1].
 */
export function logLoss(labels: Column, probabilities: Column): number {
  return mean(logLossByRow(labels, probabilities));
}

/** The log-loss of each row, for a paired comparison of two models; units, clipping and errors as in `logLoss`. */
export function logLossByRow(labels: Column, probabilities: Column): Float64Array {
  checkRows({ labels, probabilities });
  checkLabels('labels', labels);
  checkProbabilities('probabilities', probabilities);
  const losses = new Float64Array(labels.length);
  for (let row = 0; row < losses.length; row++) {
    const probability = probabilities[row] as number;
    const likelihood = labels[row] === 1 ? probability : 1 - probability;
    losses[row] = -Math.log(Math.max(likelihood, LEAST_LIKELIHOOD));
  }
  return losses;
}
