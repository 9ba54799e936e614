import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { jensenShannonDistance } from './jensen-shannon-distance.ts';
import { lInfinityDistance } from './l-infinity-distance.ts';
import { psi } from './psi.ts';
import { binnedWasserstein } from './wasserstein.ts';

const evenBins = (countsA: readonly number[], countsB: readonly number[]) =>
  binnedWasserstein([0, 1, 2, 3, 4, 5].slice(0, countsA.length + 1), countsA, countsB);
const metrics = { jensenShannonDistance, lInfinityDistance, evenBins };
const histogram = fc
  .array(fc.integer({ min: 0, max: 1000 }), { minLength: 5, maxLength: 5 })
  .filter((counts) => counts.some((count) => count > 0));

test('the distances agree with SciPy', () => {
  for (const { countsA, countsB, edges, ...expected } of goldens.histograms) {
    expectClose(jensenShannonDistance(countsA, countsB), expected.jensenShannonDistance);
    expectClose(lInfinityDistance(countsA, countsB), expected.lInfinityDistance);
    expectClose(binnedWasserstein(edges, countsA, countsB), expected.binnedWasserstein);
  }
});

test.each(Object.entries(metrics))('%s is a metric, and the size of a histogram does not matter', (_, distance) => {
  fc.assert(
    fc.property(histogram, histogram, histogram, (a, b, c) => {
      expectClose(distance(a, b), distance(b, a), 1e-6);
      expect(distance(a, c)).toBeLessThanOrEqual(distance(a, b) + distance(b, c) + 1e-12);
      expect(
        distance(
          a,
          a.map((count) => 3 * count),
        ),
      ).toBeLessThan(1e-12);
    }),
  );
});

test('histograms without a common bin are as far apart as can be', () => {
  expect(jensenShannonDistance([3, 0, 4], [0, 9, 0])).toBe(1);
  expect(lInfinityDistance([7, 0], [0, 9])).toBe(1);
  expect(evenBins([1, 0, 0, 0, 0], [0, 0, 0, 0, 1])).toBe(4);
});

test('a tiny difference keeps its digits', () => {
  // by Taylor's series the divergence is 1 / 2 ln 2 times the square of the difference of either share
  expectClose(jensenShannonDistance([5e8, 5e8], [5e8 + 1, 5e8 - 1]), Math.sqrt(1 / (2 * Math.LN2)) * 1e-9, 1e-6);
});

test.each(Object.entries({ ...metrics, psi }))('%s refuses histograms that are none', (_, distance) => {
  expect(() => distance([], [])).toThrow(/^\w+: received 0 rows; allowed: at least 1 row/);
  expect(() => distance([1, 2], [1, 2, 3])).toThrow(/^\w+: received 3 rows; allowed: 2 rows, as many as \w+/);
  expect(() => distance([1, -2], [1, 2])).toThrow(/^\w+\[1\]: received -2; allowed: a count of at least 0/);
  expect(() => distance([1, 2], [Number.NaN, 2])).toThrow(/^\w+\[0\]: received NaN; allowed: a count of at least 0/);
  expect(() => distance([1, 2], [0, 0])).toThrow(/^\w+: received no rows; allowed: at least 1 row; do this: wait for/);
});
