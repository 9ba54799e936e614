import fc from 'fast-check';
import { expect, test } from 'vitest';
import { binomialAtLeast, binomialAtMost } from './binomial-distribution.ts';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';

test('both tails agree with SciPy up to a million trials', () => {
  expectGolden('binomialAtMost', binomialAtMost);
  expectGolden('binomialAtLeast', binomialAtLeast);
});

test('of a fair coin it counts the rows of Pascal', () => {
  const choices = [1, 10, 45, 120, 210, 252, 210, 120, 45, 10, 1];
  let sum = 0;
  choices.forEach((choice, successes) => {
    expectClose(binomialAtLeast(successes, 10, 0.5), 1 - sum / 1024, 1e-13);
    sum += choice;
    expectClose(binomialAtMost(successes, 10, 0.5), sum / 1024, 1e-13);
  });
});

test('successes and failures change places', () => {
  const cases = fc.integer({ min: 1, max: 500 }).chain((trials) => fc.tuple(fc.constant(trials), fc.nat(trials)));
  fc.assert(
    fc.property(cases, fc.double({ min: 0.01, max: 0.99, noNaN: true }), ([trials, successes], probability) => {
      const fewFailures = binomialAtMost(trials - successes, trials, 1 - probability);
      expectClose(binomialAtLeast(successes, trials, probability), fewFailures, 1e-10);
    }),
  );
});

test('what must or cannot happen is certain', () => {
  expect([binomialAtMost(3, 3, 0.2), binomialAtMost(7, 3, 0.2), binomialAtLeast(0, 3, 0.2)]).toEqual([1, 1, 1]);
  expect([binomialAtLeast(4, 3, 0.2), binomialAtLeast(1, 3, 0), binomialAtMost(2, 3, 1)]).toEqual([0, 0, 0]);
  expect([binomialAtMost(0, 0, 0.5), binomialAtLeast(3, 3, 1), binomialAtMost(0, 3, 0)]).toEqual([1, 1, 1]);
});

test('counts that are none and numbers that are no probability are refused', () => {
  for (const call of [binomialAtMost, binomialAtLeast]) {
    expect(() => call(1.5, 3, 0.5)).toThrow(
      new RangeError(
        'successes: received 1.5; allowed: an integer of at least 0; do this: pass a count of rows or events.',
      ),
    );
    expect(() => call(1, -3, 0.5)).toThrow(/^trials: received -3; allowed: an integer of at least 0/);
    expect(() => call(1, 3, 50)).toThrow(/^probability: received 50; allowed: a number from 0 to 1/);
  }
});
