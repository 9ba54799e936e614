import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose, expectCloseRecord } from './fixtures/goldens.ts';
import { newcombeInterval } from './newcombe-interval.ts';
import { createRandom } from './random.ts';

test('it agrees with statsmodels', () => {
  for (const { a, b, level, newcombe } of goldens.differences)
    expectCloseRecord(newcombeInterval(a, b, level), newcombe);
});

test('exchanging the proportions changes signs only', () => {
  const proportions = fc
    .integer({ min: 1, max: 1000 })
    .chain((trials) => fc.record({ successes: fc.nat(trials), trials: fc.constant(trials) }));
  fc.assert(
    fc.property(proportions, proportions, (a, b) => {
      const forth = newcombeInterval(a, b);
      const back = newcombeInterval(b, a);
      expectClose(back.lower, -forth.upper);
      expect(forth.lower).toBeGreaterThanOrEqual(-1);
      expect(forth.upper).toBeLessThanOrEqual(1);
      expect(forth.lower).toBeLessThan(forth.upper);
    }),
  );
});

test('it covers the true difference about as often as it says', () => {
  const random = createRandom(5);
  const draw = (trials: number, probability: number) => {
    let successes = 0;
    for (let trial = 0; trial < trials; trial++) if (random.next() < probability) successes++;
    return { successes, trials };
  };
  let covered = 0;
  for (let run = 0; run < 1000; run++) {
    const { lower, upper } = newcombeInterval(draw(60, 0.12), draw(90, 0.3));
    if (lower < -0.18 && -0.18 < upper) covered++;
  }
  expect(covered / 1000).toBeGreaterThan(0.93); // three standard deviations of 1000 trials are 0.02
  expect(covered / 1000).toBeLessThan(0.975);
});

test('counts that are none and other levels are refused', () => {
  const half = { successes: 1, trials: 2 };
  expect(() => newcombeInterval({ successes: 3, trials: 2 }, half)).toThrow(
    /^successes: received 3; allowed: at most 2/,
  );
  expect(() => newcombeInterval(half, { successes: 0, trials: 0 })).toThrow(/^trials: received 0; allowed: an integer/);
  expect(() => newcombeInterval(half, half, 0)).toThrow(/^level: received 0; allowed: a number between 0 and 1/);
});
