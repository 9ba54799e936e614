import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { regularizedBeta } from './regularized-beta.ts';

test('both tails agree with SciPy for shapes from 1e-3 to 1e6, far out too', () => {
  expectGolden('regularizedBetaLower', (x, a, b) => regularizedBeta(a, b, x).lower, 1e-10);
  expectGolden('regularizedBetaUpper', (x, a, b) => regularizedBeta(a, b, x).upper, 1e-10);
});

test('with one shape 1 it is a power', () => {
  for (const x of [1e-9, 0.2, 0.5, 0.9])
    for (const shape of [0.01, 1, 7.5, 300]) {
      expectClose(regularizedBeta(shape, 1, x).lower, x ** shape, 1e-12);
      expectClose(regularizedBeta(1, shape, x).upper, (1 - x) ** shape, 1e-12);
    }
});

test('exchanging shapes and ends exchanges the tails', () => {
  const shapes = fc.double({ min: 0.01, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(shapes, shapes, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, x) => {
      const forth = regularizedBeta(a, b, x, 1 - x);
      const back = regularizedBeta(b, a, 1 - x, x);
      expect(Math.abs(forth.lower - back.upper)).toBeLessThan(1e-12);
      expect(Math.abs(forth.lower + forth.upper - 1)).toBeLessThan(1e-15);
    }),
  );
});

test('it follows the recurrence in its first shape', () => {
  const shapes = fc.double({ min: 0.1, max: 50, noNaN: true });
  fc.assert(
    fc.property(shapes, shapes, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (a, b, x) => {
      // I(a, b) = x I(a - 1, b) + (1 - x) I(a, b - 1), formula 26.5.10 of Abramowitz and Stegun
      const { lower } = regularizedBeta(a + 1, b + 1, x);
      const expected = x * regularizedBeta(a, b + 1, x).lower + (1 - x) * regularizedBeta(a + 1, b, x).lower;
      expect(Math.abs(lower - expected)).toBeLessThan(1e-13);
    }),
  );
});

test('a complement given to more digits than x has is used', () => {
  expectClose(regularizedBeta(2, 3, 1, 1e-30).upper, 4e-90, 1e-12);
});

test('the ends are certain', () => {
  for (const x of [0, -1]) expect(regularizedBeta(2, 3, x)).toEqual({ lower: 0, upper: 1 });
  for (const x of [1, 2]) expect(regularizedBeta(2, 3, x)).toEqual({ lower: 1, upper: 0 });
});

test('other shapes and NaN are refused by name', () => {
  const rest = 'allowed: a number above 0, at most 1e9; do this: check the sample size that it comes from.';
  expect(() => regularizedBeta(0, 1, 0.5)).toThrow(new RangeError(`a: received 0; ${rest}`));
  expect(() => regularizedBeta(1, Infinity, 0.5)).toThrow(new RangeError(`b: received Infinity; ${rest}`));
  expect(() => regularizedBeta(1, 1, Number.NaN)).toThrow(
    new RangeError('x: received NaN; allowed: any number but NaN; do this: check the calculation of x.'),
  );
});
