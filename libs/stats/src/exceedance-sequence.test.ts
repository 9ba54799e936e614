import { expect, test } from 'vitest';
import { exceedanceSequence } from './exceedance-sequence.ts';
import { createBinned, shareEverMissed } from './fixtures/looks.ts';
import { goldens } from './fixtures/sequence-goldens.ts';
import { createRandom } from './random.ts';

/** 1 % above the place 4.5, the middle of the bin of 2 %. */
const shares = [0.1, 0.4, 0.3, 0.18, 0.02, 0, 0];
const times = (factor: number) => shares.map((share) => Math.round(share * factor));

test('it agrees with a search of all quantiles by brute force', () => {
  for (const { counts, reference, tail, alpha, expected } of goldens.exceedances) {
    const found = exceedanceSequence(counts, reference, { tail, alpha });
    expect(found?.place).toBeCloseTo(expected.place, 2);
    expect(found?.difference).toBeCloseTo(expected.difference, 3);
    expect(found?.lower).toBeCloseTo(expected.lower, 4);
    expect(found?.upper).toBeCloseTo(expected.upper, 4);
  }
});

test('equal counts differ by nothing, and the quantile is interpolated within its bin', () => {
  const found = exceedanceSequence(times(10_000), times(10_000), { tail: 0.01, alpha: 0.01 });
  expect(found?.place).toBeCloseTo(4.5, 9);
  expect(found?.difference).toBeCloseTo(0, 12);
});

test('few values of the reference leave its quantile open, and with it how many exceed it', () => {
  const slow = [0, 0, 0, 0, 0, 300, 0];
  expect(exceedanceSequence(slow, times(300), { tail: 0.01, alpha: 0.01 })?.lower).toBe(-0.01);
  expect(exceedanceSequence(slow, times(300), { tail: 0.1, alpha: 0.01 })?.lower).toBeGreaterThan(0.8);
  expect(exceedanceSequence(slow, times(3000), { tail: 0.01, alpha: 0.01 })?.lower).toBeGreaterThan(0.8);
});

test('with a stretch only what exceeds so many times the quantile counts', () => {
  const bounds = [1, 2, 4, 8, 16, 32];
  const stretched = (stretch: number) =>
    exceedanceSequence(times(10_000), times(10_000), { tail: 0.01, alpha: 0.01, bounds, stretch });
  // The quantile is 12, the middle of 8 to 16; of 15 there are a quarter as many above, of 24 none.
  expect(stretched(1)?.difference).toBeCloseTo(0, 12);
  expect(stretched(1.25)?.difference).toBeCloseTo(0.0025 - 0.01, 12);
  expect(stretched(2)?.difference).toBeCloseTo(-0.01, 12);
  const slow = [0, 0, 0, 0, 0, 300, 0];
  const found = exceedanceSequence(slow, times(300), { tail: 0.1, alpha: 0.01, bounds, stretch: 2 });
  expect(found?.lower).toBeGreaterThan(0.7);
});

test('a quantile above the last bound is not there', () => {
  expect(exceedanceSequence(times(1000), [0, 0, 0, 0, 0, 980, 20], { tail: 0.01, alpha: 0.01 })).toBeNull();
});

test.each([
  ['equal sides', shares, 0],
  ['a slower side', [0.1, 0.4, 0.3, 0.15, 0.02, 0.02, 0.01], 0.03],
])('of %s the truth is missed at any of 100 looks in at most as many runs as it says', (_name, other, truth) => {
  const random = createRandom(4);
  const missed = shareEverMissed(60, () => {
    const [more, moreReference] = [createBinned(random, other), createBinned(random, shares)];
    return () => {
      const found = exceedanceSequence(more(50), moreReference(50), { tail: 0.01, alpha: 0.1 });
      return found !== null && (truth < found.lower || truth > found.upper);
    };
  });
  expect(missed).toBeLessThanOrEqual(0.1);
});

test('a single bin, other bins and no values are refused', () => {
  const options = { tail: 0.01, alpha: 0.01 };
  expect(() => exceedanceSequence([3], [3], options)).toThrow(/^counts: received 1 bin/);
  expect(() => exceedanceSequence([1, 2], [1, 2, 3], options)).toThrow(/^reference: received 3 rows/);
  expect(() => exceedanceSequence([1, 2], [0, 0], options)).toThrow(/^reference: received no rows/);
  expect(() => exceedanceSequence([1, 2], [1, 2], { ...options, stretch: 2 })).toThrow(/^bounds: received none/);
  expect(() => exceedanceSequence([1, 2], [1, 2], { ...options, bounds: [1, 2] })).toThrow(/^bounds: received 2/);
  expect(() => exceedanceSequence([1, 2], [1, 2], { ...options, stretch: 0.5 })).toThrow(/^stretch: received 0.5/);
  expect(() => exceedanceSequence([1, 2], [1, 2], { tail: 2, alpha: 0.01 })).toThrow(/^tail: received 2/);
});
