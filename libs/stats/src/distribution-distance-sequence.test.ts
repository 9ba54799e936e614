import fc from 'fast-check';
import { expect, test } from 'vitest';
import { distributionDistanceSequence } from './distribution-distance-sequence.ts';
import { expectClose } from './fixtures/goldens.ts';
import { createBinned, shareEverMissed } from './fixtures/looks.ts';
import { goldens } from './fixtures/sequence-goldens.ts';
import { createRandom } from './random.ts';

const shares = [0.1, 0.2, 0.3, 0.2, 0.15, 0.05];

test('it agrees with a search by brute force', () => {
  for (const { a, b, alpha, expected } of goldens.distances) {
    const found = distributionDistanceSequence(a, b, alpha);
    expect(found.bin).toBe(expected.bin);
    expectClose(found.distance, expected.distance);
    expect(Math.abs(found.lower - expected.lower)).toBeLessThan(1e-8);
    expect(Math.abs(found.upper - expected.upper)).toBeLessThan(1e-8);
  }
});

test('the same rows are at distance 0, rows that do not overlap at 1', () => {
  expect(distributionDistanceSequence([100, 300, 200], [100, 300, 200], 0.01)).toMatchObject({ distance: 0, lower: 0 });
  const apart = distributionDistanceSequence([300, 0, 0], [0, 0, 300], 0.01);
  expect(apart).toMatchObject({ distance: 1, bin: 0, upper: 1 });
  expect(apart.lower).toBeGreaterThan(0.9);
});

test('exchanging the sides changes nothing', () => {
  const counts = fc.array(fc.nat(500), { minLength: 4, maxLength: 4 }).filter((bins) => bins.some((bin) => bin > 0));
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const forth = distributionDistanceSequence(a, b, 0.01);
      const back = distributionDistanceSequence(b, a, 0.01);
      for (const key of ['distance', 'lower', 'upper'] as const)
        expect(Math.abs(forth[key] - back[key])).toBeLessThan(1e-8);
    }),
  );
});

test.each([
  ['equal distributions', shares, 0],
  ['distributions that differ', [0.1, 0.1, 0.3, 0.3, 0.15, 0.05], 0.1],
])('of %s the truth is missed at any of 100 looks in at most as many runs as it says', (_name, other, truth) => {
  const random = createRandom(3);
  const missed = shareEverMissed(150, () => {
    const [moreA, moreB] = [createBinned(random, shares), createBinned(random, other)];
    return () => {
      const { lower, upper } = distributionDistanceSequence(moreA(20), moreB(20), 0.1);
      return truth < lower - 1e-12 || truth > upper;
    };
  });
  expect(missed).toBeLessThanOrEqual(0.1);
});

test('other bins and no rows are refused', () => {
  expect(() => distributionDistanceSequence([1, 2], [1, 2, 3], 0.01)).toThrow(/^countsB: received 3 rows/);
  expect(() => distributionDistanceSequence([0, 0], [1, 2], 0.01)).toThrow(/^countsA: received no rows/);
  expect(() => distributionDistanceSequence([-1, 2], [1, 2], 0.01)).toThrow(/^countsA\[0\]: received -1/);
});
