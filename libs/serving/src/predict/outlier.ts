import { ServiceError } from '@repo/contract/service-error';

/** How strange a row is: the forest's score, and the share of held-out rows at least as strange. */
export interface Outlier {
  readonly score: number;
  readonly p: number;
}

/** Rows stranger than all but 0.5 % of the held-out ones are outliers. */
const outlierP = 0.005;

/** Share of `scores`, which rise, at or above `score`. */
export function pValue(scores: readonly number[], score: number): number {
  let [low, high] = [0, scores.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((scores[middle] as number) < score) low = middle + 1;
    else high = middle;
  }
  return (scores.length - low) / scores.length;
}

export const isOutlier = (outlier: Outlier | null): outlier is Outlier => outlier !== null && outlier.p < outlierP;

/** The ServiceError rejected_input of a row that is refused for being an outlier. */
export function outlierRejected({ score, p }: Outlier): ServiceError {
  return new ServiceError('rejected_input', {
    path: 'request',
    received: `a row with outlier score ${score.toFixed(3)}, p ${p.toFixed(4)}`,
    allowed: `rows like those of training: p ${outlierP} or more`,
  });
}
