import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { normalCdf, normalQuantile } from './normal-distribution.ts';
import { studentTCdf, studentTQuantile, studentTTwoSided } from './student-t-distribution.ts';

test('it agrees with SciPy from 0.3 to a million degrees of freedom', () => {
  expectGolden('studentTCdf', studentTCdf);
  expectGolden('studentTTwoSided', studentTTwoSided);
  expectGolden('studentTQuantile', studentTQuantile);
});

test('with one degree of freedom it is the Cauchy distribution', () => {
  for (const t of [1e-8, 0.3, 1, 7, 1e5, 1e140]) {
    expectClose(studentTTwoSided(t, 1), (2 * Math.atan(1 / t)) / Math.PI, 1e-12);
    expectClose(studentTCdf(-t, 1), Math.atan(1 / t) / Math.PI, 1e-12);
  }
});

test('with the most degrees of freedom it is the normal distribution', () => {
  expectClose(studentTCdf(-3, 1e9), normalCdf(-3), 1e-7);
  expectClose(studentTQuantile(0.975, 1e9), normalQuantile(0.975), 1e-8);
});

test('it is symmetric', () => {
  const degrees = fc.double({ min: 0.2, max: 1e4, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: 0, max: 100, noNaN: true }), degrees, (t, count) => {
      expectClose(studentTCdf(t, count) + studentTCdf(-t, count), 1, 1e-14);
      expectClose(2 * studentTCdf(-t, count), studentTTwoSided(t, count), 1e-14);
      expect(studentTTwoSided(-t, count)).toBe(studentTTwoSided(t, count));
    }),
  );
});

test('the quantile inverts the distribution function, far out and beside the middle', () => {
  const probabilities = fc.oneof(
    fc.double({ min: 1e-100, max: 1 - 1e-9, noNaN: true }),
    fc.double({ min: 0.499999, max: 0.500001, noNaN: true }),
  );
  fc.assert(
    fc.property(probabilities, fc.double({ min: 0.9, max: 1e4, noNaN: true }), (probability, degrees) => {
      expectClose(studentTCdf(studentTQuantile(probability, degrees), degrees), probability, 1e-10);
    }),
  );
});

test('the ends and the middle are exact', () => {
  expect([0, 0.5, 1].map((probability) => studentTQuantile(probability, 4))).toEqual([-Infinity, 0, Infinity]);
  expect([-Infinity, 0, Infinity].map((t) => studentTCdf(t, 4))).toEqual([0, 0.5, 1]);
});

test('degrees that are not above 0, NaN and numbers that are no probability are refused', () => {
  for (const call of [studentTCdf, studentTTwoSided, studentTQuantile])
    expect(() => call(0.3, -1)).toThrow(/^degrees: received -1; allowed: a number above 0, at most 1e9/);
  for (const call of [studentTCdf, studentTTwoSided])
    expect(() => call(Number.NaN, 3)).toThrow(/^t: received NaN; allowed: any number but NaN/);
  expect(() => studentTQuantile(1.5, 3)).toThrow(/^probability: received 1.5; allowed: a number from 0 to 1/);
});
