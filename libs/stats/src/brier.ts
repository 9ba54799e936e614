import { type Column, checkLabels, checkProbabilities, checkRows } from './column.ts';
import { mean } from './mean.ts';

/**
 * Brier score: the mean squared difference between 0/1 `labels` and `probabilities` of class 1; 0 is perfect, 1 is worst.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1 or a probability outside [0, 1].
 * Source: G. Brier, Monthly Weather Review 78 (1950), in its one-class form.
 */
export function brier(labels: Column, probabilities: Column): number {
  checkRows({ labels, probabilities });
  checkLabels('labels', labels);
  checkProbabilities('probabilities', probabilities);
  return mean(Float64Array.from(labels, (label, row) => (label - (probabilities[row] as number)) ** 2));
}
