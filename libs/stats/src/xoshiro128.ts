const rotateLeft = (word: number, bits: number) => (word << bits) | (word >>> (32 - bits));

/**
 * Makes a xoshiro128** 1.1 generator: each call returns the next unsigned 32-bit word; the period is 2^128 - 1.
 * The four state words must not all be zero.
 * Source: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47 (2021).
 */
export function createXoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const word = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return word;
  };
}
