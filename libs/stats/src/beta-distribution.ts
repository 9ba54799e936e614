import { regularizedBeta } from './regularized-beta.ts';
import { solveTails, tailsAtQuantile } from './tails.ts';

/**
 * P(X <= x) of a beta variable with shapes `a` and `b`, of mean a / (a + b).
 * Relative error under 1e-10 for shapes from 1e-4.
 * Throws RangeError unless the shapes are above 0 and at most 1e9, and for an x that is NaN.
 */
export function betaCdf(x: number, a: number, b: number): number {
  return regularizedBeta(a, b, x).lower;
}

/**
 * The x in [0, 1] with P(X <= x) = `probability`. Relative error under 1e-9; beside 1, absolute error under 1e-15.
 * Throws RangeError for a probability outside [0, 1] and for shapes as in `betaCdf`.
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  return solveTails((x) => regularizedBeta(a, b, x), tailsAtQuantile(probability), 1);
}
