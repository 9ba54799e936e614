import { expect, test } from 'vitest';
import { exceedanceSequence } from './exceedance-sequence.ts';
import { createBinned, shareEverMissed } from './fixtures/looks.ts';
import { goldens } from './fixtures/sequence-goldens.ts';
import { createRandom } from './random.ts';

/** 1 % above 12, the middle of the bin of 2 %. */
const shares = [0.1, 0.4, 0.3, 0.18, 0.02, 0, 0];
const bounds = [1, 2, 4, 8, 16, 32];
const times = (factor: number) => shares.map((share) => Math.round(share * factor));

test('it agrees with a search of all quantiles by brute force', () => {
  for (const { counts, reference, tail, alpha, expected } of goldens.exceedances) {
    // With bins of length 1 the quantile is its place.
    const places = counts.slice(1).map((_, bin) => bin + 1);
    const found = exceedanceSequence(counts, reference, { tail, alpha, bounds: places });
    expect(found?.quantile).toBeCloseTo(expected.place, 2);
    expect(found?.difference).toBeCloseTo(expected.difference, 3);
    expect(found?.lower).toBeCloseTo(expected.lower, 4);
    expect(found?.upper).toBeCloseTo(expected.upper, 4);
  }
});

test('few values of the reference leave its quantile open, and with it how many exceed it', () => {
  const slow = [0, 0, 0, 0, 0, 300, 0];
  const lowerOf = (reference: number, tail: number, stretch = 1) =>
    exceedanceSequence(slow, times(reference), { tail, alpha: 0.01, bounds, stretch })?.lower;
  expect(lowerOf(300, 0.01)).toBe(-0.01);
  expect(lowerOf(3000, 0.01)).toBeGreaterThan(0.8);
  expect(lowerOf(300, 0.1)).toBeGreaterThan(0.8);
  expect(lowerOf(300, 0.1, 2)).toBeGreaterThan(0.7);
});

test.each([
  ['equal sides', shares, 1, 0],
  ['a slower side', [0.1, 0.4, 0.3, 0.15, 0.02, 0.02, 0.01], 1, 0.03],
  ['a slower side, counted from 1.25 times on', [0.1, 0.4, 0.3, 0.15, 0.02, 0.02, 0.01], 1.25, 0.025],
])(
  'of %s the truth is missed at any of 100 looks in at most as many runs as it says',
  (_name, other, stretch, truth) => {
    const random = createRandom(4);
    const missed = shareEverMissed(40, () => {
      const [more, moreReference] = [createBinned(random, other), createBinned(random, shares)];
      return () => {
        const question = { tail: 0.01, alpha: 0.1, bounds, stretch };
        const found = exceedanceSequence(more(50), moreReference(50), question);
        return found !== null && (truth < found.lower || truth > found.upper);
      };
    });
    expect(missed).toBeLessThanOrEqual(0.1);
  },
);

test('a quantile above the last bound is not there, and an alpha that is none is refused', () => {
  const question = { tail: 0.01, alpha: 0.01, bounds };
  expect(exceedanceSequence(times(1000), [0, 0, 0, 0, 0, 980, 20], question)).toBeNull();
  expect(() => exceedanceSequence(times(1000), times(1000), { ...question, alpha: 0 })).toThrow(/^alpha: received 0/);
});
