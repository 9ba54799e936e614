import { type ClassScores, splitByClass } from './class-scores.ts';
import type { Column } from './column.ts';

/**
 * Area under the ROC curve: the probability that a random positive scores above a random negative, ties counting half.
 * `labels` are 0 or 1; `scores` are any numbers whose order counts, infinities included. O(n log n); the count is exact.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1, a score is NaN or a class absent.
 * Source: the Mann-Whitney statistic; J. Hanley, B. McNeil, Radiology 143 (1982).
 */
export function auc(labels: Column, scores: Column): number {
  const [split] = splitByClass(labels, { scores }) as [ClassScores];
  const positives = split.positives.sort();
  const negatives = split.negatives.sort();
  let below = 0;
  let notAbove = 0;
  let wins = 0; // in halves of a pair: at most 2 x rows^2 / 4, an integer below 2^53 up to 1e8 rows
  for (const score of positives) {
    while (below < negatives.length && (negatives[below] as number) < score) below++;
    while (notAbove < negatives.length && (negatives[notAbove] as number) <= score) notAbove++;
    wins += below + notAbove;
  }
  return wins / 2 / positives.length / negatives.length;
}
