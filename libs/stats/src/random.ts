import { refusal } from './column.ts';
import { portableLog } from './portable-log.ts';
import { createXoshiro128 } from './xoshiro128.ts';

const WORDS = 2 ** 32;

/** P(N <= k) of a Poisson variable N of mean 1, k = 0..17; the rest weighs 6e-17, under the 2^-53 grid of `next`. */
const POISSON_ONE_CUMULATIVE = cumulativePoissonOne();

/** A seeded stream of random numbers; every method advances the same stream. */
export interface Random {
  /** Uniform in [0, 1), a multiple of 2^-53: the upper 27 bits of one word, then the upper 26 of the next. */
  next(): number;
  /** Uniform integer in [0, bound), without bias; `bound` is an integer from 1 to 2^32. */
  integer(bound: number): number;
  /** Standard normal, by Marsaglia's polar method; draws come in pairs, the second is kept for the next call. */
  normal(): number;
  /** Poisson of mean 1, the weight of a unit in a Poisson bootstrap, by inversion of one `next`. */
  poisson(): number;
}

/**
 * Makes a generator whose numbers depend on the seed alone: same seed, same bits on every machine.
 * xoshiro128** 1.1, its four state words the first outputs of splitmix32 from the seed; only integer and IEEE basic
 * operations are used. Not for secrets. Throws RangeError unless `seed` is an integer from 0 to 2^32 - 1.
 */
export function createRandom(seed: number): Random {
  if (!Number.isInteger(seed) || seed < 0 || seed >= WORDS)
    throw refusal('seed', seed, 'an integer from 0 to 2^32 - 1', 'pass a fixed whole number');
  const seeder = createSplitmix32(seed);
  const word = createXoshiro128([seeder(), seeder(), seeder(), seeder()]);
  let spareNormal: number | undefined;

  const next = () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53;

  function integer(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > WORDS)
      throw refusal('bound', bound, 'an integer from 1 to 2^32', 'pass the number of choices');
    const fair = WORDS - (WORDS % bound); // words from here on would favour small results
    let draw = word();
    while (draw >= fair) draw = word();
    return draw % bound;
  }

  function normal(): number {
    if (spareNormal !== undefined) {
      const spare = spareNormal;
      spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const x = 2 * next() - 1;
      const y = 2 * next() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt((-2 * portableLog(square)) / square);
      spareNormal = y * scale;
      return x * scale;
    }
  }

  function poisson(): number {
    const uniform = next();
    let count = 0;
    while (uniform >= (POISSON_ONE_CUMULATIVE[count] ?? 1)) count++;
    return count;
  }

  return { next, integer, normal, poisson };
}

/** Weyl sequence of the golden ratio through a two-multiplication mixer; distinct outputs, so never four zeros. */
function createSplitmix32(seed: number): () => number {
  let counter = seed | 0;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

function cumulativePoissonOne(): Float64Array {
  const cumulative = new Float64Array(18);
  let probability = 1 / Math.E;
  let sum = 0;
  for (let count = 0; count < cumulative.length; count++) {
    sum += probability;
    cumulative[count] = sum;
    probability /= count + 1;
  }
  return cumulative;
}
