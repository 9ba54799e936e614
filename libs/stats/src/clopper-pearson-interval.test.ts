import { expect, test } from 'vitest';
import { binomialAtLeast, binomialAtMost } from './binomial-distribution.ts';
import { clopperPearsonInterval } from './clopper-pearson-interval.ts';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { wilsonInterval } from './wilson-interval.ts';

test('it agrees with statsmodels', () => {
  for (const { level, clopperPearson, ...proportion } of goldens.intervals) {
    const { lower, upper } = clopperPearsonInterval(proportion, level);
    expectClose(lower, clopperPearson[0]);
    expectClose(upper, clopperPearson[1]);
  }
});

test('at each bound what was seen has a tail of 2.5 %', () => {
  const { lower, upper } = clopperPearsonInterval({ successes: 3, trials: 200 });
  expectClose(binomialAtLeast(3, 200, lower), 0.025);
  expectClose(binomialAtMost(3, 200, upper), 0.025);
});

test('it holds the interval of Wilson in the middle, and of no success its upper bound is a root', () => {
  const exact = clopperPearsonInterval({ successes: 40, trials: 100 });
  const wilson = wilsonInterval({ successes: 40, trials: 100 });
  expect(exact.lower).toBeLessThan(wilson.lower);
  expect(exact.upper).toBeGreaterThan(wilson.upper);
  const none = clopperPearsonInterval({ successes: 0, trials: 20 }, 0.9);
  expect(none.lower).toBe(0);
  expectClose(none.upper, 1 - 0.05 ** (1 / 20));
});

test('counts that are none and other levels are refused', () => {
  expect(() => clopperPearsonInterval({ successes: 1, trials: 0 })).toThrow(/^trials: received 0; allowed: an integer/);
  expect(() => clopperPearsonInterval({ successes: 5, trials: 4 })).toThrow(
    /^successes: received 5; allowed: at most 4/,
  );
  expect(() => clopperPearsonInterval({ successes: 1, trials: 4 }, 1)).toThrow(
    /^level: received 1; allowed: a number be/,
  );
});
