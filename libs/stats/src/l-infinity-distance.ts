import type { Column } from './column.ts';
import { checkHistograms, sharesOf } from './histogram.ts';

/**
 * The largest difference of a category's share between two histograms over the same categories, from 0 to 1.
 * Throws RangeError when there is no category, their numbers differ, a count is negative or infinite, or all are 0.
 */
export function lInfinityDistance(countsA: Column, countsB: Column): number {
  checkHistograms({ countsA, countsB });
  const sharesB = sharesOf(countsB);
  return sharesOf(countsA).reduce((most, share, bin) => Math.max(most, Math.abs(share - (sharesB[bin] as number))), 0);
}
