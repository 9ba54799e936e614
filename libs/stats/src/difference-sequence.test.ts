import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { differenceSequence } from './difference-sequence.ts';
import { expectClose } from './fixtures/goldens.ts';
import { createTrials, shareEverMissed } from './fixtures/looks.ts';
import { goldens } from './fixtures/sequence-goldens.ts';
import { newcombeInterval } from './newcombe-interval.ts';
import { createRandom } from './random.ts';

const counted = fc
  .integer({ min: 1, max: 100_000 })
  .chain((trials) => fc.record({ successes: fc.nat(trials), trials: fc.constant(trials) }));

test('it agrees with a search of all pairs of shares by brute force', () => {
  for (const { a, b, alpha, expected } of goldens.differences) {
    const { difference, lower, upper } = differenceSequence(a, b, alpha);
    expectClose(difference, expected.difference);
    expect(Math.abs(lower - expected.lower)).toBeLessThan(1e-8);
    expect(Math.abs(upper - expected.upper)).toBeLessThan(1e-8);
  }
});

describe('any counts of two arms', () => {
  test('change signs only when the arms are exchanged', () => {
    fc.assert(
      fc.property(counted, counted, (a, b) => {
        const forth = differenceSequence(a, b, 0.01);
        const back = differenceSequence(b, a, 0.01);
        expect(Math.abs(forth.lower + back.upper)).toBeLessThan(1e-8);
        expect(forth.lower).toBeGreaterThanOrEqual(-1);
        expect(forth.upper).toBeLessThanOrEqual(1);
        expect(forth.lower).toBeLessThanOrEqual(forth.difference);
        expect(forth.upper).toBeGreaterThanOrEqual(forth.difference);
      }),
    );
  });

  test('that differ beyond doubt do so too with one failure more in the worse arm', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 20_000 }), fc.nat(30), fc.nat(400), (trials, few, more) => {
        const b = { successes: Math.min(few, trials), trials };
        const lowerOf = (x: number) => differenceSequence({ successes: Math.min(x, trials), trials }, b, 0.01).lower;
        if (lowerOf(few + more) > 0) expect(lowerOf(few + more + 1)).toBeGreaterThan(0);
      }),
    );
  });
});

test('an arm that is hardly known leaves the difference to the other', () => {
  const { lower, upper } = differenceSequence({ successes: 0, trials: 1 }, { successes: 500, trials: 100_000 }, 0.01);
  expect(lower).toBeGreaterThan(-0.01);
  expect(upper).toBeGreaterThan(0.9);
});

describe('at any of 100 looks the truth is missed in at most as many runs as it says,', () => {
  const alpha = 0.1;
  test.each([
    ['rare and equal', 0.005, 0.005, 100, 100],
    ['frequent and unequal', 0.2, 0.3, 20, 20],
    ['with a small arm', 0.02, 0.01, 20, 200],
  ])('%s', (_name, shareA, shareB, trialsA, trialsB) => {
    const random = createRandom(7);
    const truth = shareA - shareB;
    const missed = shareEverMissed(300, () => {
      const [moreA, moreB] = [createTrials(random, shareA), createTrials(random, shareB)];
      return () => {
        const { lower, upper } = differenceSequence(moreA(trialsA), moreB(trialsB), alpha);
        return truth < lower || truth > upper;
      };
    });
    expect(missed).toBeLessThanOrEqual(alpha);
  });

  test('whichever arm is asked more after it has failed', () => {
    const random = createRandom(8);
    const missed = shareEverMissed(300, () => {
      const arms = [createTrials(random, 0.05), createTrials(random, 0.05)] as const;
      const counts = [arms[0](10), arms[1](10)];
      return () => {
        // An arm is dropped while it looks bad: its trials stop at its worst.
        const better = (counts[0]?.successes ?? 0) <= (counts[1]?.successes ?? 0) ? 0 : 1;
        counts[better] = arms[better](20);
        const { lower, upper } = differenceSequence(counts[0] as never, counts[1] as never, alpha);
        return lower > 0 || upper < 0;
      };
    });
    expect(missed).toBeLessThanOrEqual(alpha);
  });

  test('which an interval for one look, asked at each, does not keep', () => {
    const random = createRandom(9);
    const missed = shareEverMissed(300, () => {
      const [moreA, moreB] = [createTrials(random, 0.05), createTrials(random, 0.05)];
      return () => {
        const { lower, upper } = newcombeInterval(moreA(50), moreB(50), 1 - alpha);
        return lower > 0 || upper < 0;
      };
    });
    expect(missed).toBeGreaterThan(3 * alpha);
  });
});

test('an arm without trials is refused', () => {
  const half = { successes: 1, trials: 2 };
  expect(() => differenceSequence(half, { successes: 0, trials: 0 }, 0.05)).toThrow(/^trials: received 0/);
  expect(() => differenceSequence({ successes: -1, trials: 2 }, half, 0.05)).toThrow(/^successes: received -1/);
  expect(() => differenceSequence(half, half, 1)).toThrow(/^alpha: received 1/);
});
