import { checkCount, checkNumber } from './parameter.ts';

/**
 * P(K > x) of Kolmogorov's limit of sqrt(n m / (n + m)) times the largest distance of two empirical distribution functions.
 * Relative error under 1e-12, down to 1e-300. Throws RangeError for NaN.
 * Source: A. Kolmogorov (1933); below 0.8 the equal theta series, which converges there.
 */
export function kolmogorovTail(x: number): number {
  checkNumber('x', x);
  if (x <= 0) return 1;
  let sum = 0;
  if (x < 0.8) {
    for (let odd = 1; odd <= 9; odd += 2) sum += Math.exp(-((odd * Math.PI) ** 2) / (8 * x * x));
    return 1 - (Math.sqrt(2 * Math.PI) / x) * sum;
  }
  for (let k = 8; k >= 1; k--) sum = Math.exp(-2 * (2 * k - 1) * x * x) * (1 - sum);
  return 2 * sum;
}

/**
 * P(D >= distance) of the largest distance of the empirical distribution functions of samples of `n` and `m` values that
 * have the same continuous distribution; exact, relative error under 1e-12. `distance` is what two such samples can have, a
 * multiple of 1 / lcm(n, m) but for rounding. Takes n x m steps.
 * Throws RangeError unless n and m are whole numbers of at least 1, and for a distance that is NaN.
 * Source: the path that the ordered samples take over an n x m grid, J. Hodges (1958); here the chance to leave the band
 * from each point is found from those of the next two, so that tiny chances keep their digits.
 */
export function smirnovTail(distance: number, n: number, m: number): number {
  checkNumber('distance', distance);
  checkCount('n', n, 1);
  checkCount('m', m, 1);
  const limit = distance * n * m - 0.5; // grid points have whole distances, so half a step separates >= from <
  const leaves = new Float64Array(m + 1);
  for (let i = n; i >= 0; i--) {
    for (let j = m; j >= 0; j--) {
      const left = n - i + m - j;
      const isOutside = Math.abs(i * m - j * n) > limit;
      const next = ((n - i) * (leaves[j] as number) + (m - j) * (leaves[j + 1] ?? 0)) / left;
      leaves[j] = isOutside ? 1 : left === 0 ? 0 : next;
    }
  }
  return leaves[0] as number;
}
