const TERMS = 11; // of the artanh series; the first one left out is below 1e-18 of the sum

/**
 * The natural logarithm of a number from (0, 1), to 6e-16 relative, from IEEE additions, multiplications and
 * divisions only. `Math.log` may differ in its last bit between builds of the engine; this one cannot.
 * ln x = -k ln 2 + 2 artanh((m - 1) / (m + 1)) with m = x 2^k in [1/sqrt 2, sqrt 2).
 */
export function portableLog(x: number): number {
  let mantissa = x;
  let doublings = 0;
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2;
    doublings++;
  }
  const ratio = (mantissa - 1) / (mantissa + 1);
  const square = ratio * ratio;
  let sum = 0;
  for (let term = TERMS - 1; term >= 0; term--) sum = sum * square + 1 / (2 * term + 1);
  return 2 * ratio * sum - doublings * Math.LN2;
}
