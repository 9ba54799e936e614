import { checkPositive } from './parameter.ts';
import { regularizedGamma } from './regularized-gamma.ts';
import { solveTails, tailsAtQuantile } from './tails.ts';

/**
 * P(X <= x) of a chi-squared X with `degrees` of freedom, whole or not, at most 1e9. Relative error under 1e-10.
 * Throws RangeError for other degrees and for NaN.
 */
export function chiSquaredCdf(x: number, degrees: number): number {
  checkPositive('degrees', degrees);
  return regularizedGamma(degrees / 2, x / 2).lower;
}

/** P(X > x), the p-value of a chi-squared statistic, to the same relative error down to 1e-300; errors as above. */
export function chiSquaredTail(x: number, degrees: number): number {
  checkPositive('degrees', degrees);
  return regularizedGamma(degrees / 2, x / 2).upper;
}

/**
 * The x with P(X <= x) = `probability`; 0 and 1 give 0 and Infinity. Relative error under 1e-9.
 * Throws RangeError for a probability outside [0, 1] and for degrees as in `chiSquaredCdf`.
 */
export function chiSquaredQuantile(probability: number, degrees: number): number {
  checkPositive('degrees', degrees);
  return 2 * solveTails((half) => regularizedGamma(degrees / 2, half), tailsAtQuantile(probability), Infinity);
}
