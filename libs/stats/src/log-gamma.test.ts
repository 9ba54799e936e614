import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { logGamma, stirlingError } from './log-gamma.ts';

test('it agrees with SciPy to 1e-13 from 1e-300 to 1e300, and with the Taylor series beside its zeros', () => {
  expectGolden('logGamma', logGamma, 1e-13);
});

test('of whole numbers it is the logarithm of a factorial', () => {
  let factorial = 1;
  for (let n = 1; n <= 100; n++) {
    factorial *= n;
    expectClose(logGamma(n + 1), Math.log(factorial), 1e-13);
  }
  expect([logGamma(1), logGamma(2)]).toEqual([0, 0]);
});

test('it follows its recurrence, across the seams of its formulas too', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 12, noNaN: true }), (x) => {
      expect(Math.abs(logGamma(x + 1) - logGamma(x) - Math.log(x))).toBeLessThan(2e-14);
    }),
  );
});

test("Stirling's error is the same by subtraction as by series", () => {
  for (const n of [9.999999, 10.000001]) expectClose(stirlingError(n), 1 / (12 * n) - 1 / (360 * n ** 3), 1e-6);
  expectClose(stirlingError(1e8), 1 / 1.2e9, 1e-12);
  expectClose(stirlingError(0.5), logGamma(1.5) + 0.5 - Math.log(2 * Math.PI) / 2 + Math.log(2), 1e-12);
});

test('numbers that are not finite and above 0 are refused', () => {
  for (const x of [0, -1, Infinity, Number.NaN])
    expect(() => logGamma(x)).toThrow(
      new RangeError(`x: received ${x}; allowed: a finite number above 0; do this: check the calculation of x.`),
    );
});
