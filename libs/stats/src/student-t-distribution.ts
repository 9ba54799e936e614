import { checkNumber, checkPositive } from './parameter.ts';
import { regularizedBeta } from './regularized-beta.ts';
import { solveTails, type Tails, tailsAtQuantile } from './tails.ts';

/**
 * P(T <= t) of a Student t with `degrees` of freedom, a number above 0 and at most 1e9, whole or not. Relative error under
 * 1e-10, in the lower tail too as long as |t| is below 1e150. Throws RangeError for other degrees and for NaN.
 */
export function studentTCdf(t: number, degrees: number): number {
  const { lower, upper } = sizeTails(t, degrees);
  return t < 0 ? upper / 2 : 0.5 + lower / 2;
}

/** P(|T| > |t|), the two-sided p-value of a t statistic; precision and errors as in `studentTCdf`. */
export function studentTTwoSided(t: number, degrees: number): number {
  return sizeTails(t, degrees).upper;
}

/**
 * The t with P(T <= t) = `probability`; 0 and 1 give -Infinity and Infinity. Relative error under 1e-9.
 * Throws RangeError for a probability outside [0, 1] and for degrees as in `studentTCdf`.
 */
export function studentTQuantile(probability: number, degrees: number): number {
  const { lower, upper } = tailsAtQuantile(probability);
  checkPositive('degrees', degrees);
  const tail = 2 * Math.min(lower, upper); // of |T|; 1 - tail is exact where it matters, beside 1/2
  const size = solveTails((t) => sizeTails(t, degrees), { lower: 1 - tail, upper: tail }, Infinity);
  return probability < 0.5 ? -size : size;
}

/** The tails of |T| at |t|. */
function sizeTails(t: number, degrees: number): Tails {
  checkNumber('t', t);
  checkPositive('degrees', degrees);
  const square = (t * t) / degrees;
  return regularizedBeta(0.5, degrees / 2, 1 / (1 + 1 / square), 1 / (1 + square));
}
