import type { Column } from './column.ts';

/** Arithmetic mean with compensated summation (Neumaier), so that row order moves it by an ulp or two at most. */
export function mean(values: Column): number {
  let sum = 0;
  let lost = 0;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return (sum + lost) / values.length;
}
