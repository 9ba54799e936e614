import { stirlingError } from './log-gamma.ts';
import { checkNumber, checkPositive } from './parameter.ts';
import { poissonDeviance } from './poisson-deviance.ts';
import type { Tails } from './tails.ts';

/**
 * The regularized incomplete beta function (`lower`) of shapes `a` and `b` at `x`, and its complement (`upper`); beyond 0
 * and 1 x counts as the end. `y` is 1 - x for callers who know it to more digits than x tells. Relative error of either
 * under 1e-10 for shapes from 1e-4 to 1e9, as long as it is above 1e-300. Work grows with the larger shape's root.
 * Throws RangeError unless the shapes are above 0 and at most 1e9; or for an x that is NaN.
 * Source: continued fraction 9 of A. DiDonato, A. Morris, "Algorithm 708", ACM TOMS 18 (1992), scaled by C. Loader's
 * saddle-point density.
 */
export function regularizedBeta(a: number, b: number, x: number, y = 1 - x): Tails {
  checkPositive('a', a);
  checkPositive('b', b);
  checkNumber('x', x);
  if (x <= 0) return { lower: 0, upper: 1 };
  if (y <= 0) return { lower: 1, upper: 0 };
  if (x > (a + 1) / (a + b + 2)) {
    const upper = lowerTail(b, a, y, x);
    return { lower: 1 - upper, upper };
  }
  const lower = lowerTail(a, b, x, y);
  return { lower, upper: 1 - lower };
}

/** x^a y^b / B(a, b) times the fraction. */
function lowerTail(a: number, b: number, x: number, y: number): number {
  const total = a + b;
  const errors = stirlingError(total) - stirlingError(a) - stirlingError(b);
  const deviance = poissonDeviance(a, total * x) + poissonDeviance(b, total * y);
  const scale = Math.exp(errors - deviance) * Math.sqrt((a * b) / (2 * Math.PI * total));
  return Math.min(1, scale * fraction(a, b, x, y));
}

/** 1 / (c0 + f1 / (c1 + f2 / (c2 + ...))), by Lentz's method. No term is a difference of large numbers. */
function fraction(a: number, b: number, x: number, y: number): number {
  let ratio = (a + 1) / a / (a * y - b * x + 1);
  let inverse = Infinity;
  let value = ratio;
  for (let n = 1, change = 0; Math.abs(change - 1) > 3e-16; n++) {
    const odd = a + (2 * n - 1);
    const falling = (n * (b - n) * x) / odd;
    const factor = ((a + (n - 1)) * (a + b + (n - 1)) * x * falling) / odd;
    const constant = n + falling + ((a + n) * (a * y - b * x + 1 + n * (1 + y))) / (odd + 2);
    ratio = 1 / (constant + factor * ratio);
    inverse = constant + factor / inverse;
    change = ratio * inverse;
    value *= change;
  }
  return value;
}
