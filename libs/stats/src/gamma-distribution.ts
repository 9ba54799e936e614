import { checkPositive } from './parameter.ts';
import { regularizedGamma } from './regularized-gamma.ts';

/**
 * P(X <= x) of a gamma variable of mean `shape` x `scale` and variance `shape` x `scale`^2. Relative error under 1e-10
 * for shapes from 1e-4. Throws RangeError unless shape and scale are above 0 and at most 1e9, and for an x that is NaN.
 */
export function gammaCdf(x: number, shape: number, scale: number): number {
  checkPositive('scale', scale);
  return regularizedGamma(shape, x / scale).lower;
}

/** P(X > x), to the same relative error down to 1e-300; arguments and errors as in `gammaCdf`. */
export function gammaTail(x: number, shape: number, scale: number): number {
  checkPositive('scale', scale);
  return regularizedGamma(shape, x / scale).upper;
}
