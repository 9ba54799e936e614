import { expect, test } from 'vitest';
import { expectClose } from './fixtures/goldens.ts';
import { createBinned, shareEverMissed } from './fixtures/looks.ts';
import { goldens } from './fixtures/sequence-goldens.ts';
import { multinomialEValue } from './multinomial-e-value.ts';
import { createRandom } from './random.ts';

test('it agrees with the urn drawn ball by ball in exact fractions', () => {
  for (const { counts, shares, concentration, expected } of goldens.multinomials)
    expectClose(multinomialEValue(counts, shares, concentration), expected);
});

const shares = [0.5, 0.3, 0.2];

test('of units spread as expected it reaches 20 in at most one run of 20, whatever the looks', () => {
  const random = createRandom(5);
  const missed = shareEverMissed(600, () => {
    const more = createBinned(random, shares);
    return () => multinomialEValue(more(20), shares) >= 20;
  });
  expect(missed).toBeLessThanOrEqual(0.05);
});

test('of units spread otherwise it reaches 1000', () => {
  const random = createRandom(6);
  const found = shareEverMissed(100, () => {
    const more = createBinned(random, [0.45, 0.35, 0.2]);
    return () => multinomialEValue(more(50), shares) >= 1000;
  });
  expect(found).toBeGreaterThan(0.95);
});

test('a unit in a group that expects none is proof, and an empty group is none', () => {
  expect(multinomialEValue([10, 1], [1, 0])).toBe(Number.POSITIVE_INFINITY);
  expectClose(multinomialEValue([10, 0], [1, 0]), 1);
});

test('counts and shares that do not fit are refused', () => {
  expect(() => multinomialEValue([1, 2], [0.5, 0.3, 0.2])).toThrow(/^shares: received 3 rows/);
  expect(() => multinomialEValue([1, 2], [50, 50])).toThrow(/^shares\[0\]: received 50/);
  expect(() => multinomialEValue([1, 2], [0.5, 0.4])).toThrow(/^shares: received a sum of 0.9/);
  expect(() => multinomialEValue([0, 0], [0.5, 0.5])).toThrow(/^counts: received no rows/);
  expect(() => multinomialEValue([1, -2], [0.5, 0.5])).toThrow(/^counts\[1\]: received -2/);
});
