import { expect, test } from 'vitest';
import { clusters, coverage, drawClustered, once } from './fixtures/clustered-rows.ts';
import { expectGoldenStatistic, goldens } from './fixtures/comparison-goldens.ts';
import { normalQuantile } from './normal-distribution.ts';
import { quantileOf } from './quantile-of.ts';
import { createRandom } from './random.ts';

test('it agrees with the weighted quantile of NumPy, of all rows and of a group', () => {
  expectGoldenStatistic('quantileOf', (among) => quantileOf(goldens.columns.values, 0.9, among));
});

test('it is a value of the rows, never above that of a larger probability', () => {
  const values = drawClustered(createRandom(4), 0.5);
  const weights = once.map((_, cluster) => cluster % 3);
  let previous = -Infinity;
  for (let probability = 0; probability <= 1; probability += 1 / 64) {
    const quantile = quantileOf(values, probability)(clusters)(weights);
    expect(quantile).toBeGreaterThanOrEqual(previous);
    expect(values).toContain(quantile);
    previous = quantile;
  }
});

test('the ends are the least and the largest value that the resample has', () => {
  const few = { count: 3, ofRow: Int32Array.of(0, 1, 2) };
  const ends = (weights: number[]) =>
    [0, 1].map((probability) => quantileOf([5, 9, 7], probability)(few)(Float64Array.from(weights)));
  expect(ends([1, 1, 1])).toEqual([5, 9]);
  expect(ends([0, 0, 2])).toEqual([7, 7]);
  expect(ends([0, 0, 0])).toEqual([Number.NaN, Number.NaN]);
});

test('its interval covers the truth about as often as it says', () => {
  const covered = coverage(normalQuantile(0.8), (random) => quantileOf(drawClustered(random, 0.3), 0.8));
  expect(covered).toBeGreaterThan(0.9);
  expect(covered).toBeLessThan(0.98);
});

test('bad columns and numbers that are no probability are refused', () => {
  const few = { count: 2, ofRow: Int32Array.of(0, 1) };
  expect(() => quantileOf([1, Infinity], 0.5)(few)).toThrow(
    /^values\[1\]: received Infinity; allowed: a finite number/,
  );
  expect(() => quantileOf([1, 2], 99)(few)).toThrow(/^probability: received 99; allowed: a number from 0 to 1/);
  expect(() => quantileOf([1, 2], 0.5, [0, 0])(few)).toThrow(/^among: received no row of 1; allowed: at least one/);
});
