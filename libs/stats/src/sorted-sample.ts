import { type Column, checkRows, checkScores } from './column.ts';

/** The values in ascending order, in memory of their own. Throws RangeError by `name` when there is none or one is NaN. */
export function sortedSample(name: string, values: Column): Float64Array {
  checkRows({ [name]: values });
  checkScores(name, values);
  return Float64Array.from(values).sort();
}
