import { mean } from './mean.ts';

/** The standard deviation of a sample of at least two values, with n - 1 below the sum of squares. */
export function standardDeviation(values: Float64Array): number {
  const centre = mean(values);
  return Math.sqrt((mean(values.map((value) => (value - centre) ** 2)) * values.length) / (values.length - 1));
}
