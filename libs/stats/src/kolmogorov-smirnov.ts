import type { Column } from './column.ts';
import { kolmogorovTail, smirnovTail } from './kolmogorov-distribution.ts';
import { sortedSample } from './sorted-sample.ts';

/** Sizes whose product is at most this get the exact p-value, in a few milliseconds; above it the limit is as good. */
const MOST_EXACT = 1e6;

/** What the test says of two samples. */
export interface KolmogorovSmirnovResult {
  /** The largest distance of the empirical distribution functions, from 0 to 1. */
  readonly distance: number;
  /** Two-sided p-value of "both samples have the same continuous distribution"; ties make it larger than it should be. */
  readonly pValue: number;
}

/**
 * The two-sample test of Kolmogorov and Smirnov. The p-value is exact while the sizes multiply to at most a million, and
 * that of Kolmogorov's limit beyond. O(n log n) besides. Infinite values are allowed, because only order counts.
 * Throws RangeError when a sample is empty or a value NaN.
 */
export function kolmogorovSmirnov(valuesA: Column, valuesB: Column): KolmogorovSmirnovResult {
  const a = sortedSample('valuesA', valuesA);
  const b = sortedSample('valuesB', valuesB);
  let largest = 0; // in steps of 1 / (n m), a whole number
  for (let indexA = 0, indexB = 0; indexA < a.length && indexB < b.length; ) {
    const value = Math.min(a[indexA] as number, b[indexB] as number);
    while (a[indexA] === value) indexA++;
    while (b[indexB] === value) indexB++;
    largest = Math.max(largest, Math.abs(indexA * b.length - indexB * a.length));
  }
  const pairs = a.length * b.length;
  const distance = largest / pairs;
  const pValue =
    pairs <= MOST_EXACT
      ? smirnovTail(distance, a.length, b.length)
      : kolmogorovTail(distance * Math.sqrt(pairs / (a.length + b.length)));
  return { distance, pValue };
}
