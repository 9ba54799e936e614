import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chiSquaredCdf, chiSquaredQuantile, chiSquaredTail } from './chi-squared-distribution.ts';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';

test('it agrees with SciPy from 0.3 to a million degrees of freedom', () => {
  expectGolden('chiSquaredCdf', chiSquaredCdf);
  expectGolden('chiSquaredTail', chiSquaredTail);
  expectGolden('chiSquaredQuantile', chiSquaredQuantile);
});

test('the quantile inverts the distribution function', () => {
  const degrees = fc.double({ min: 0.2, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 1e-30, max: 1 - 1e-9, noNaN: true }), degrees, (probability, count) => {
      expectClose(chiSquaredCdf(chiSquaredQuantile(probability, count), count), probability, 1e-10);
    }),
  );
});

test('the quantile grows with the probability', () => {
  const probabilities = fc.tuple(
    fc.double({ min: 1e-6, max: 0.999, noNaN: true }),
    fc.double({ min: 1e-6, max: 0.999, noNaN: true }),
  );
  fc.assert(
    fc.property(probabilities, fc.integer({ min: 1, max: 100 }), ([p, q], degrees) => {
      const [low, high] = [Math.min(p, q), Math.max(p, q)];
      expect(chiSquaredQuantile(low, degrees)).toBeLessThanOrEqual(chiSquaredQuantile(high, degrees));
    }),
  );
});

test('the ends are 0 and Infinity', () => {
  expect([chiSquaredQuantile(0, 3), chiSquaredQuantile(1, 3)]).toEqual([0, Infinity]);
  expect([chiSquaredCdf(-1, 3), chiSquaredTail(0, 3), chiSquaredTail(Infinity, 3)]).toEqual([0, 1, 0]);
});

test('degrees that are not above 0 and probabilities that are none are refused', () => {
  for (const call of [chiSquaredCdf, chiSquaredTail, chiSquaredQuantile])
    expect(() => call(0.5, 0)).toThrow(
      new RangeError(
        'degrees: received 0; allowed: a number above 0, at most 1e9; do this: check the sample size that it comes from.',
      ),
    );
  expect(() => chiSquaredQuantile(95, 3)).toThrow(
    new RangeError('probability: received 95; allowed: a number from 0 to 1; do this: pass a share, not a percentage.'),
  );
  expect(() => chiSquaredTail(Number.NaN, 3)).toThrow(/^x: received NaN; allowed: any number but NaN/);
});
