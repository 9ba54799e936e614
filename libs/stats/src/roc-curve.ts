import { type ClassScores, splitByClass } from './class-scores.ts';
import { type Column, refusal } from './column.ts';

/** One corner of the curve: the shares of negatives and of positives that score at or above some threshold. */
export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * The ROC curve from (0, 0) to (1, 1), one point per distinct score, thinned to at most `maxPoints` that lie evenly
 * along the curve, both ends always among them. Rows with equal scores make one sloped segment.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1, a score is NaN, a class is absent
 * or `maxPoints` is not an integer of at least 2.
 */
export function rocCurve(labels: Column, scores: Column, maxPoints: number): RocPoint[] {
  if (!Number.isInteger(maxPoints) || maxPoints < 2)
    throw refusal('maxPoints', maxPoints, 'an integer of at least 2', 'pass 200 for a smooth chart');
  const [split] = splitByClass(labels, { scores }) as [ClassScores];
  return thin(corners(split), maxPoints);
}

function corners(split: ClassScores): RocPoint[] {
  const positives = split.positives.sort();
  const negatives = split.negatives.sort();
  let positive = positives.length;
  let negative = negatives.length;
  const points: RocPoint[] = [{ falsePositiveRate: 0, truePositiveRate: 0 }];
  while (positive > 0 || negative > 0) {
    const threshold = Math.max(positives[positive - 1] ?? -Infinity, negatives[negative - 1] ?? -Infinity);
    while (positive > 0 && positives[positive - 1] === threshold) positive--;
    while (negative > 0 && negatives[negative - 1] === threshold) negative--;
    points.push({
      falsePositiveRate: 1 - negative / negatives.length,
      truePositiveRate: 1 - positive / positives.length,
    });
  }
  return points;
}

/** Keeps the first point in each of `maxPoints` even steps of x + y, which grows from 0 to 2 along the curve. */
function thin(points: RocPoint[], maxPoints: number): RocPoint[] {
  if (points.length <= maxPoints) return points;
  let lastStep = -1;
  return points.filter(({ falsePositiveRate, truePositiveRate }) => {
    const step = Math.floor(((falsePositiveRate + truePositiveRate) / 2) * (maxPoints - 1));
    const first = step > lastStep;
    lastStep = step;
    return first;
  });
}
