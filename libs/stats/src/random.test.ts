import { expect, test } from 'vitest';
import { expectClose, goldens } from './fixtures/goldens.ts';
import { createRandom } from './random.ts';

const draws = (count: number, draw: () => number) => Array.from({ length: count }, draw);

test.each(goldens.random)('seed $seed gives the stream of an independent implementation', (golden) => {
  expect(draws(6, createRandom(golden.seed).next)).toEqual(golden.next);
  const decimal = createRandom(golden.seed);
  expect(draws(12, () => decimal.integer(10))).toEqual(golden.integers);
  const wide = createRandom(golden.seed);
  expect(draws(6, () => wide.integer(3 * 2 ** 30))).toEqual(golden.wideIntegers);
  expect(draws(30, createRandom(golden.seed).poisson)).toEqual(golden.poissons);
  draws(6, createRandom(golden.seed).normal).forEach((normal, index) => {
    expectClose(normal, golden.normals[index] as number, 1e-14);
  });
});

test('the normal draws of a seed are these bits on every machine', () => {
  expect(draws(4, createRandom(1).normal)).toEqual([
    -0.4219232706535274, 1.58409270212488, 0.4366670269634355, 0.1449287746854525,
  ]);
});

test('methods share one stream, and two generators none', () => {
  const random = createRandom(5);
  const other = createRandom(5);
  expect(random.next()).toBe(other.next());
  random.integer(10);
  expect(random.next()).not.toBe(other.next());
  expect(createRandom(6).next()).not.toBe(createRandom(7).next());
});

test('uniform draws fill [0, 1) evenly', () => {
  const random = createRandom(11);
  const counts = new Array<number>(10).fill(0);
  for (const uniform of draws(100_000, random.next)) {
    const bin = Math.floor(uniform * 10);
    counts[bin] = (counts[bin] as number) + 1;
  }
  const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
  expect(chiSquare).toBeLessThan(27.9); // 99.9 % point with 9 degrees of freedom
});

test('integers reach every value below the bound and none else', () => {
  const random = createRandom(3);
  expect(new Set(draws(200, () => random.integer(5)))).toEqual(new Set([0, 1, 2, 3, 4]));
  expect(random.integer(1)).toBe(0);
});

test('normal draws have mean 0, variance 1 and fourth moment 3', () => {
  const values = draws(100_000, createRandom(17).normal);
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / values.length;
  expect(Math.abs(moment(1))).toBeLessThan(0.0127); // four standard errors each
  expect(Math.abs(moment(2) - 1)).toBeLessThan(0.018);
  expect(Math.abs(moment(4) - 3)).toBeLessThan(0.124);
});

test('Poisson draws have mean 1 and variance 1', () => {
  const values = draws(100_000, createRandom(19).poisson);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  expect(Math.abs(mean - 1)).toBeLessThan(0.0127);
  expect(Math.abs(variance - 1)).toBeLessThan(0.022);
});

test.each([-1, 1.5, 2 ** 32, Number.NaN])('seed %s is refused', (seed) => {
  expect(() => createRandom(seed)).toThrow(
    new RangeError(
      `seed: received ${seed}; allowed: an integer from 0 to 2^32 - 1; do this: pass a fixed whole number.`,
    ),
  );
});

test.each([0, 2.5, 2 ** 32 + 1, Number.NaN])('bound %s is refused', (bound) => {
  expect(() => createRandom(1).integer(bound)).toThrow(
    new RangeError(
      `bound: received ${bound}; allowed: an integer from 1 to 2^32; do this: pass the number of choices.`,
    ),
  );
});
