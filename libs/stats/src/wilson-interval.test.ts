import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialAtMost } from './binomial-distribution.ts';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { wilsonInterval } from './wilson-interval.ts';

test('it agrees with statsmodels', () => {
  for (const { level, wilson, ...proportion } of goldens.intervals) {
    const { lower, upper } = wilsonInterval(proportion, level);
    expectClose(lower, wilson[0]);
    expectClose(upper, wilson[1]);
  }
});

test('its bounds are where a z test of the share seen gives up', () => {
  const { lower, upper } = wilsonInterval({ successes: 7, trials: 50 });
  for (const bound of [lower, upper])
    expectClose(Math.abs(0.14 - bound) / Math.sqrt((bound * (1 - bound)) / 50), 1.959963984540054, 1e-12);
});

test('successes and failures change places', () => {
  const cases = fc.integer({ min: 1, max: 1e6 }).chain((trials) => fc.tuple(fc.nat(trials), fc.constant(trials)));
  fc.assert(
    fc.property(cases, ([successes, trials]) => {
      const { lower, upper } = wilsonInterval({ successes, trials });
      const mirrored = wilsonInterval({ successes: trials - successes, trials });
      expect(Math.abs(1 - upper - mirrored.lower)).toBeLessThan(1e-15);
      expect(lower).toBeLessThanOrEqual(successes / trials);
      expect(upper).toBeGreaterThanOrEqual(successes / trials);
    }),
  );
});

test('of 50 trials it covers probabilities from 0.1 to 0.9 in 92 to 98 % of all outcomes', () => {
  for (let probability = 0.1; probability < 0.91; probability += 0.05) {
    let coverage = 0;
    for (let successes = 0; successes <= 50; successes++) {
      const { lower, upper } = wilsonInterval({ successes, trials: 50 });
      const before = successes === 0 ? 0 : binomialAtMost(successes - 1, 50, probability);
      if (lower <= probability && probability <= upper) coverage += binomialAtMost(successes, 50, probability) - before;
    }
    expect(coverage).toBeGreaterThan(0.92);
    expect(coverage).toBeLessThan(0.98);
  }
});

test('counts that are none and other levels are refused', () => {
  const refusals: [successes: number, trials: number, level: number, message: string][] = [
    [3, 0, 0.95, 'trials: received 0; allowed: an integer of at least 1; do this: pass a count of rows or events.'],
    [
      -1,
      3,
      0.95,
      'successes: received -1; allowed: an integer of at least 0; do this: pass a count of rows or events.',
    ],
    [
      4,
      3,
      0.95,
      'successes: received 4; allowed: at most 3, the trials; do this: count the successes among these trials.',
    ],
    [1, 3, 95, 'level: received 95; allowed: a number between 0 and 1; do this: pass 0.95 for 95 %.'],
  ];
  for (const [successes, trials, level, message] of refusals)
    expect(() => wilsonInterval({ successes, trials }, level)).toThrow(new RangeError(message));
});
