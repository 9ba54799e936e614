import type { PairedStatistic } from './paired-bootstrap.ts';

/**
 * A statistic made of two others on the same resample, for a bootstrap: the difference of the AUC of two models in a
 * slice, say, or the loss of a slice over that of all rows. A result that is not finite, such as a division by 0, leaves
 * the resample undefined, as does a part that is.
 */
export function combinedStatistic(
  first: PairedStatistic,
  second: PairedStatistic,
  combine: (first: number, second: number) => number,
): PairedStatistic {
  return (clusters) => {
    const firstOf = first(clusters);
    const secondOf = second(clusters);
    return (weights) => {
      const value = combine(firstOf(weights), secondOf(weights));
      return Number.isFinite(value) ? value : Number.NaN;
    };
  };
}
