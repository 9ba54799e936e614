import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectClose } from './fixtures/goldens.ts';
import { devianceAt, largestLogLikelihood, pushedShares } from './likelihood-bound.ts';

test('without successes the share goes up to 1 - exp(-budget / trials), and not down', () => {
  const none = { successes: 0, trials: 300 };
  expectClose(pushedShares([{ ...none, push: 1 }], 7)[0] as number, -Math.expm1(-7 / 300), 1e-9);
  expect(pushedShares([{ ...none, push: -1 }], 7)).toEqual([0]);
});

test('the budget is spent to the last, by both arms together', () => {
  const counted = fc
    .integer({ min: 2, max: 1_000_000 })
    .chain((trials) => fc.record({ successes: fc.integer({ min: 1, max: trials - 1 }), trials: fc.constant(trials) }));
  fc.assert(
    fc.property(counted, counted, fc.double({ min: 0.1, max: 40, noNaN: true }), (a, b, budget) => {
      const [up = 0, down = 0] = pushedShares(
        [
          { ...a, push: 1 },
          { ...b, push: -1 },
        ],
        budget,
      );
      expect(up).toBeGreaterThanOrEqual(a.successes / a.trials);
      expect(down).toBeLessThanOrEqual(b.successes / b.trials);
      // 1 - share is all that `devianceAt` has of a share beside 1.
      if (up < 1 - 1e-6) expectClose(devianceAt(a, up) + devianceAt(b, down), budget, 1e-6);
    }),
  );
});

test('without a budget it is the share observed', () => {
  expect(pushedShares([{ successes: 3, trials: 12, push: 1 }], 0)).toEqual([0.25]);
  expect(pushedShares([{ successes: 3, trials: 12, push: -1 }], -1)).toEqual([0.25]);
});

test('a share that rules the counts out is infinitely far away, the observed one not at all', () => {
  const counts = { successes: 3, trials: 12 };
  expect(devianceAt(counts, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(devianceAt(counts, 1)).toBe(Number.POSITIVE_INFINITY);
  expect(devianceAt(counts, 0.25)).toBe(0);
  expectClose(largestLogLikelihood(counts), 3 * Math.log(0.25) + 9 * Math.log(0.75));
});
