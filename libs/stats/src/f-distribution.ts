import { checkNumber, checkPositive } from './parameter.ts';
import { regularizedBeta } from './regularized-beta.ts';

/**
 * P(F > x) of the ratio of two mean squares with `degreesAbove` and `degreesBelow` degrees of freedom: the p-value of an
 * F test. Relative error under 1e-10, down to 1e-300.
 * Throws RangeError unless the degrees are above 0 and at most 1e9, and for an x that is NaN.
 */
export function fTail(x: number, degreesAbove: number, degreesBelow: number): number {
  checkNumber('x', x);
  checkPositive('degreesAbove', degreesAbove);
  checkPositive('degreesBelow', degreesBelow);
  if (x <= 0) return 1;
  const odds = (degreesAbove * x) / degreesBelow;
  return regularizedBeta(degreesBelow / 2, degreesAbove / 2, 1 / (1 + odds), 1 / (1 + 1 / odds)).lower;
}
