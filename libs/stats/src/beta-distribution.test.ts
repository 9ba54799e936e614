import fc from 'fast-check';
import { expect, test } from 'vitest';
import { betaCdf, betaQuantile } from './beta-distribution.ts';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';

test('it agrees with SciPy for shapes from 1e-3 to 1e6', () => {
  expectGolden('regularizedBetaLower', betaCdf);
  expectGolden('betaQuantile', betaQuantile);
});

test('the quantile inverts the distribution function', () => {
  const shapes = fc.double({ min: 0.5, max: 1e3, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 1e-50, max: 0.9, noNaN: true }), shapes, shapes, (probability, a, b) => {
      expectClose(betaCdf(betaQuantile(probability, a, b), a, b), probability, 1e-9);
    }),
  );
});

test('exchanging the shapes mirrors the quantile', () => {
  const shapes = fc.double({ min: 0.5, max: 100, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 0.99, noNaN: true }), shapes, shapes, (probability, a, b) => {
      expect(Math.abs(betaQuantile(probability, a, b) + betaQuantile(1 - probability, b, a) - 1)).toBeLessThan(1e-12);
    }),
  );
});

test('the ends are exact, and beyond them nothing changes', () => {
  expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1]);
  expect([-1, 0, 1, 2].map((x) => betaCdf(x, 2, 3))).toEqual([0, 0, 1, 1]);
});

test('shapes that are not above 0 and numbers that are no probability are refused', () => {
  expect(() => betaCdf(0.5, 0, 1)).toThrow(/^a: received 0; allowed: a number above 0, at most 1e9/);
  expect(() => betaQuantile(0.5, 1, -2)).toThrow(/^b: received -2; allowed: a number above 0, at most 1e9/);
  expect(() => betaQuantile(-0.1, 1, 1)).toThrow(/^probability: received -0.1; allowed: a number from 0 to 1/);
});
