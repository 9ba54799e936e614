import { type Column, checkLabels, checkRows, checkScores, refusal } from './column.ts';

/** The scores of each class. */
export interface ClassScores {
  readonly positives: Float64Array;
  readonly negatives: Float64Array;
}

/**
 * Counts the positives of what an AUC is asked of.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1, a score is NaN or a class absent.
 */
export function checkClasses(labels: Column, scoresByName: Readonly<Record<string, Column>>): number {
  checkRows({ labels, ...scoresByName });
  checkLabels('labels', labels);
  for (const [name, scores] of Object.entries(scoresByName)) checkScores(name, scores);
  let positiveCount = 0;
  for (let row = 0; row < labels.length; row++) positiveCount += labels[row] as number;
  if (positiveCount === 0 || positiveCount === labels.length) {
    const received = positiveCount === 0 ? 'only 0' : 'only 1';
    throw refusal('labels', received, 'rows of both classes', 'widen the selection, or report no AUC for this slice');
  }
  return positiveCount;
}

/** Splits each column of scores by label, both classes in row order; throws as `checkClasses` does. */
export function splitByClass(labels: Column, scoresByName: Readonly<Record<string, Column>>): ClassScores[] {
  const positiveCount = checkClasses(labels, scoresByName);
  return Object.values(scoresByName).map((scores) => {
    const positives = new Float64Array(positiveCount);
    const negatives = new Float64Array(labels.length - positiveCount);
    let positive = 0;
    let negative = 0;
    for (let row = 0; row < labels.length; row++) {
      if (labels[row] === 1) positives[positive++] = scores[row] as number;
      else negatives[negative++] = scores[row] as number;
    }
    return { positives, negatives };
  });
}
