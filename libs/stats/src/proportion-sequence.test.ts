import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anyPrior } from './beta-mixture.ts';
import { expectClose } from './fixtures/goldens.ts';
import { createTrials, shareEverMissed } from './fixtures/looks.ts';
import { goldens } from './fixtures/sequence-goldens.ts';
import { proportionEValue, proportionSequence } from './proportion-sequence.ts';
import { createRandom } from './random.ts';

const counted = fc
  .integer({ min: 1, max: 100_000 })
  .chain((trials) => fc.record({ successes: fc.nat(trials), trials: fc.constant(trials) }));

test('it agrees with a search of all shares by brute force', () => {
  for (const { counts, alpha, expected } of goldens.shares) {
    const { share, lower, upper } = proportionSequence(counts, alpha);
    expectClose(share, expected.share);
    expect(Math.abs(lower - expected.lower)).toBeLessThan(1e-9);
    expect(Math.abs(upper - expected.upper)).toBeLessThan(1e-9);
  }
});

describe('any counts', () => {
  test('have an interval around their share, wider for a smaller alpha', () => {
    fc.assert(
      fc.property(counted, (counts) => {
        const [wide, narrow] = [proportionSequence(counts, 0.001), proportionSequence(counts, 0.05)];
        for (const { share, lower, upper } of [wide, narrow]) {
          expect(lower).toBeGreaterThanOrEqual(0);
          expect(lower).toBeLessThanOrEqual(share);
          expect(upper).toBeGreaterThanOrEqual(share);
          expect(upper).toBeLessThanOrEqual(1);
        }
        expect(wide.lower).toBeLessThanOrEqual(narrow.lower);
        expect(wide.upper).toBeGreaterThanOrEqual(narrow.upper);
      }),
    );
  });

  test('have the mirrored interval when failures are counted, under a prior that does not tell them apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.double({ min: 0, max: 1, noNaN: true }), (trials, part) => {
        const successes = part * trials;
        const anyShare = (x: number) => proportionSequence({ successes: x, trials }, 0.01, anyPrior);
        expect(Math.abs(anyShare(successes).lower + anyShare(trials - successes).upper - 1)).toBeLessThan(1e-8);
      }),
    );
  });

  test('are worth 1 / alpha against the end of their interval', () => {
    fc.assert(
      fc.property(counted, (counts) => {
        fc.pre(counts.successes > 0);
        const { lower } = proportionSequence(counts, 0.01);
        expectClose(proportionEValue(counts, lower), 100, 1e-5);
      }),
    );
  });
});

test('it misses the truth at any of 100 looks in at most as many runs as it says', () => {
  const random = createRandom(11);
  const alpha = 0.1;
  for (const truth of [0.005, 0.3]) {
    const missed = shareEverMissed(500, () => {
      const more = createTrials(random, truth);
      return () => {
        const { lower, upper } = proportionSequence(more(30), alpha);
        return truth < lower || truth > upper;
      };
    });
    expect(missed, `of ${truth}`).toBeLessThanOrEqual(alpha);
  }
});

test('counts that are none and other rates are refused', () => {
  expect(() => proportionSequence({ successes: 0, trials: 0 }, 0.05)).toThrow(/^trials: received 0; allowed: a number/);
  expect(() => proportionSequence({ successes: 3, trials: 2 }, 0.05)).toThrow(
    /^successes: received 3; allowed: 0 to 2/,
  );
  expect(() => proportionSequence({ successes: Number.NaN, trials: 2 }, 0.05)).toThrow(/^successes: received NaN/);
  expect(() => proportionSequence({ successes: 1, trials: 2 }, 0)).toThrow(/^alpha: received 0/);
});
