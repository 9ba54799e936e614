import type { Column } from './column.ts';

/** The row numbers in ascending order of their values, equal values in row order; O(n log n). Values must not be NaN. */
export function sortedOrder(values: Column): Uint32Array {
  const keys = Float64Array.from(values);
  const order = new Uint32Array(keys.length);
  for (let row = 0; row < order.length; row++) order[row] = row;
  return order.sort((a, b) => {
    const left = keys[a] as number;
    const right = keys[b] as number;
    return left < right ? -1 : left > right ? 1 : 0;
  });
}
