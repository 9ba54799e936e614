import { adjustInOrder } from './adjusted-p-values.ts';
import type { Column } from './column.ts';

/**
 * The q-values of Benjamini and Hochberg, in the order given: of those rejected for a q up to 0.05, about 5 % at most are
 * false ones, if the tests are independent or lean the same way.
 * Throws RangeError when there is no p-value or one is outside [0, 1].
 * Source: Y. Benjamini, Y. Hochberg, J. Royal Statistical Society B 57 (1995): the k-th smallest of n counts n / k times,
 * never more than the one after.
 */
export function benjaminiHochberg(pValues: Column): Float64Array {
  let smallest = 1;
  return adjustInOrder(pValues, 'descending', (pValue, rank, count) => {
    smallest = Math.min(smallest, pValue * (count / rank));
    return smallest;
  });
}
