import { type Column, checkRows, refusal } from './column.ts';
import { sortedOrder } from './sorted-order.ts';

/**
 * Adjusts p-values one after the other, ranked from 1 for the smallest, and returns them in the order they came in.
 * Throws RangeError when there is none or one is outside [0, 1].
 */
export function adjustInOrder(
  pValues: Column,
  direction: 'ascending' | 'descending',
  adjust: (pValue: number, rank: number, count: number) => number,
): Float64Array {
  checkRows({ pValues });
  for (let test = 0; test < pValues.length; test++) {
    const pValue = pValues[test];
    if (pValue !== undefined && pValue >= 0 && pValue <= 1) continue;
    throw refusal(`pValues[${test}]`, pValue, 'a number from 0 to 1', 'leave out tests that were not made');
  }
  const adjusted = new Float64Array(pValues.length);
  const ranks = Array.from(sortedOrder(pValues), (test, index) => ({ test, rank: index + 1 }));
  if (direction === 'descending') ranks.reverse();
  for (const { test, rank } of ranks) adjusted[test] = adjust(pValues[test] as number, rank, pValues.length);
  return adjusted;
}
