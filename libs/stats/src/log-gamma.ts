import { refusal } from './column.ts';

const EULER = 0.5772156649015329;
const LN_SQRT_TWO_PI = Math.log(2 * Math.PI) / 2;
const LARGE = 10; // from here on six terms of Stirling's series reach the last bit
const SUMMED = 50;

/** zeta(k) - 1 for k = 2..40; with |z| at most 1/2 the first term left out of `aroundTwo` is 5e-27. */
const ZETA_LESS_ONE = Float64Array.from({ length: 39 }, (_, index) => zetaLessOne(index + 2));

/**
 * ln of the gamma function at `x` > 0, which is ln (x - 1)! for whole x. Relative error under 1e-13, beside the zeros 1
 * and 2 too.
 * Throws RangeError unless x is a finite number above 0. Small x: the series 6.1.33 of Abramowitz and Stegun around 2,
 * reached by recurrence. Large x: Stirling's series.
 */
export function logGamma(x: number): number {
  if (!(x > 0 && x < Infinity)) throw refusal('x', x, 'a finite number above 0', 'check the calculation of x');
  if (x >= LARGE) return (x - 0.5) * Math.log(x) - x + LN_SQRT_TWO_PI + stirlingSeries(x);
  if (x < 0.5) return aroundTwo(x) - Math.log1p(x) - Math.log(x);
  if (x < 1.5) return aroundTwo(x - 1) - Math.log1p(x - 1);
  let product = 1;
  let reduced = x;
  while (reduced > 2.5) {
    reduced--;
    product *= reduced;
  }
  return aroundTwo(reduced - 2) + Math.log(product);
}

/**
 * ln of the gamma function at n + 1, less Stirling's approximation ln(sqrt(2 pi n) (n / e)^n); about 1 / 12n.
 * With it the densities of large shapes are made of small terms, where `logGamma` would lose digits to cancellation.
 */
export function stirlingError(n: number): number {
  if (n >= LARGE) return stirlingSeries(n);
  return logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - LN_SQRT_TWO_PI;
}

/** ln of the gamma function at 2 + z for |z| up to 1/2. */
function aroundTwo(z: number): number {
  let sum = 0;
  for (let k = ZETA_LESS_ONE.length + 1; k >= 2; k--) sum = (ZETA_LESS_ONE[k - 2] as number) / k - z * sum;
  return z * (1 - EULER + z * sum);
}

function stirlingSeries(n: number): number {
  const square = 1 / (n * n);
  const inner = 1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - (square * 691) / 360360));
  return (1 / 12 - square * (1 / 360 - square * inner)) / n;
}

/** The terms below `SUMMED` one by one, the rest by the formula of Euler and Maclaurin. */
function zetaLessOne(k: number): number {
  let sum = 0;
  for (let n = SUMMED - 1; n >= 2; n--) sum += n ** -k;
  const cubic = (k * (k + 1) * (k + 2)) / (720 * SUMMED ** 4);
  const quintic = (k * (k + 1) * (k + 2) * (k + 3) * (k + 4)) / (30240 * SUMMED ** 6);
  return sum + SUMMED ** (1 - k) * (1 / (k - 1) + 1 / (2 * SUMMED) + k / (12 * SUMMED ** 2) - cubic + quintic);
}
