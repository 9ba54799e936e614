import { checkProbability } from './parameter.ts';

/** The two tails of a distribution at one point. They sum to 1, but each keeps its relative precision when it is tiny. */
export interface Tails {
  /** P(X <= x) */
  readonly lower: number;
  /** P(X > x) */
  readonly upper: number;
}

/** The tails on either side of the quantile of `probability`. Throws RangeError unless it is from 0 to 1. */
export function tailsAtQuantile(probability: number): Tails {
  checkProbability('probability', probability);
  return { lower: probability, upper: 1 - probability };
}

/**
 * The x >= 0 that has these tails, by bisection of a continuous distribution of positive numbers up to `highest`.
 * The smaller tail is the one that is solved for, so that a quantile far out loses no digits.
 */
export function solveTails(tailsOf: (x: number) => Tails, { lower, upper }: Tails, highest: number): number {
  if (lower <= 0) return 0;
  if (upper <= 0) return highest;
  const isBelow = (x: number) => (lower < upper ? tailsOf(x).lower < lower : tailsOf(x).upper > upper);
  return lastBelow(isBelow, Math.min(highest, Number.MAX_VALUE));
}

/** The last number from 0 to `highest` that is below; halves exponents first, then mantissas, so 70 steps reach any. */
function lastBelow(isBelow: (x: number) => boolean, highest: number): number {
  let low = Number.MIN_VALUE;
  let high = highest;
  for (;;) {
    const middle = high / 2 > low ? Math.sqrt(low) * Math.sqrt(high) : low + (high - low) / 2;
    if (middle <= low || middle >= high) return high;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
}
