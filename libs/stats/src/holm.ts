import { adjustInOrder } from './adjusted-p-values.ts';
import type { Column } from './column.ts';

/**
 * Holm's adjusted p-values, in the order given: rejecting those up to alpha makes any false rejection at all as rare as
 * alpha, whatever the tests have to do with each other. None is below the p-value itself.
 * Throws RangeError when there is none or one is outside [0, 1].
 * Source: S. Holm, Scandinavian J. of Statistics 6 (1979): the k-th smallest of n counts n - k + 1 times, never less than
 * the one before.
 */
export function holm(pValues: Column): Float64Array {
  let largest = 0;
  return adjustInOrder(pValues, 'ascending', (pValue, rank, count) => {
    largest = Math.max(largest, Math.min(1, pValue * (count - rank + 1)));
    return largest;
  });
}
