import type { Column } from './column.ts';
import { prAucOf } from './pr-auc-of.ts';

const ONE_CLUSTER = Float64Array.of(1);

/**
 * Area under the precision-recall curve as average precision: the mean, over positives, of the precision among the rows
 * that score at least as high. Rows of equal score enter together, and nothing is drawn between the points. A model
 * without skill gets the share of positives. `labels` are 0 or 1; `scores` are any numbers whose order counts.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1, a score is NaN or a class absent.
 * Source: as `average_precision_score` of scikit-learn.
 */
export function prAuc(labels: Column, scores: Column): number {
  const clusters = { count: 1, ofRow: new Int32Array(labels.length) };
  return prAucOf(labels, scores)(clusters)(ONE_CLUSTER);
}
