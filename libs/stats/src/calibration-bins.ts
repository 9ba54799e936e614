import { type Column, checkLabels, checkProbabilities, checkRows } from './column.ts';
import { sortedOrder } from './sorted-order.ts';

const BIN_COUNT = 15;

/** One bin of a reliability diagram. */
export interface CalibrationBin {
  /** Mean predicted probability of the rows of the bin. */
  readonly meanPredicted: number;
  /** Share of positives among them. */
  readonly observedShare: number;
  /** Number of rows, at least 1. */
  readonly count: number;
}

/**
 * Sorts the rows by probability into 15 bins of equal size and compares prediction with outcome in each, in ascending order.
 * Rows of equal probability stay together, in the bin of their middle rank, so the result does not depend on row order;
 * bins left empty by that (or by fewer than 15 rows) are dropped.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1 or a probability outside [0, 1].
 */
export function calibrationBins(labels: Column, probabilities: Column): CalibrationBin[] {
  checkRows({ labels, probabilities });
  checkLabels('labels', labels);
  checkProbabilities('probabilities', probabilities);
  const predicted = new Float64Array(BIN_COUNT);
  const positives = new Float64Array(BIN_COUNT);
  const counts = new Float64Array(BIN_COUNT);
  const order = sortedOrder(probabilities);
  for (let start = 0, end = 0; start < order.length; start = end) {
    const probability = probabilities[order[start] as number] as number;
    let tiedPositives = 0;
    for (; end < order.length && probabilities[order[end] as number] === probability; end++)
      tiedPositives += labels[order[end] as number] as number;
    const bin = Math.floor((BIN_COUNT * (start + end)) / 2 / order.length);
    predicted[bin] = (predicted[bin] as number) + probability * (end - start);
    positives[bin] = (positives[bin] as number) + tiedPositives;
    counts[bin] = (counts[bin] as number) + end - start;
  }
  return Array.from(counts, (count, bin) => ({
    meanPredicted: (predicted[bin] as number) / count,
    observedShare: (positives[bin] as number) / count,
    count,
  })).filter(({ count }) => count > 0);
}
