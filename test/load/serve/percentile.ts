/** The value at a share of the sorted values, the nearest rank upwards; NaN for none. `share` 0.99 is the 99th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle value; of an even number the lower of the two. */
export const median = (values: readonly number[]): number => percentile(values, 0.5);
