import { refusal } from './column.ts';

const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
const TAIL = 2.5; // beyond it the series would cancel and the fraction converges within its depth
const TAIL_DEPTH = 60;

/**
 * P(Z <= x) of a standard normal Z; `x` may be infinite. Relative error under 1e-12, in the lower tail too down to
 * x = -37 (P = 6e-300). Throws RangeError for NaN.
 * Centre: the series of G. Marsaglia, "Evaluating the normal distribution", J. Stat. Software 11 (2004).
 * Tails: Laplace's continued fraction of the Mills ratio.
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) throw refusal('x', x, 'any number but NaN', 'check the calculation of x');
  if (x > TAIL) return 1 - upperTail(x);
  if (x < -TAIL) return upperTail(-x);
  const square = x * x;
  let term = x;
  let sum = x;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= square / odd;
    sum += term;
  }
  return 0.5 + sum * normalDensity(x);
}

/**
 * The x with P(Z <= x) = `probability`; 0 and 1 give -Infinity and Infinity. Absolute error under 1e-12 from 1e-300 up.
 * Throws RangeError outside [0, 1].
 * Start: formula 26.2.23 of Abramowitz and Stegun (error 4.5e-4), then two Halley steps, each cubing the error.
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1))
    throw refusal('probability', probability, 'a number from 0 to 1', 'pass a share, not a percentage');
  if (probability > 0.5) return -normalQuantile(1 - probability);
  if (probability === 0) return -Infinity;
  const t = Math.sqrt(-2 * Math.log(probability));
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 2; step++) {
    const newton = (normalCdf(x) - probability) / normalDensity(x);
    x -= newton / (1 + (x * newton) / 2);
  }
  return x;
}

function upperTail(x: number): number {
  if (x === Infinity) return 0;
  let fraction = x;
  for (let level = TAIL_DEPTH; level >= 1; level--) fraction = x + level / fraction;
  return normalDensity(x) / fraction;
}

/** The standard normal density at `x`. */
export function normalDensity(x: number): number {
  return Math.exp((-x * x) / 2) / SQRT_TWO_PI;
}
