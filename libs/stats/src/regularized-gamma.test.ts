import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { poissonDeviance } from './poisson-deviance.ts';
import { regularizedGamma } from './regularized-gamma.ts';

test('both tails agree with SciPy for shapes from 1e-3 to 1e6, far out too', () => {
  expectGolden('regularizedGammaLower', (shape, x) => regularizedGamma(shape, x).lower, 1e-10);
  expectGolden('regularizedGammaUpper', (shape, x) => regularizedGamma(shape, x).upper, 1e-10);
});

test('shape 1 is the exponential distribution', () => {
  for (const x of [1e-9, 0.3, 1.9999, 2.0001, 50, 600]) {
    expectClose(regularizedGamma(1, x).lower, -Math.expm1(-x), 1e-13);
    expectClose(regularizedGamma(1, x).upper, Math.exp(-x), 1e-12);
  }
});

test('the tails are of the same distribution: x more rows of a Poisson count step down by its probability', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), fc.double({ min: 0.05, max: 3, noNaN: true }), (shape, factor) => {
      const x = shape * factor;
      let logarithm = shape * Math.log(x) - x;
      for (let k = 2; k <= shape; k++) logarithm -= Math.log(k);
      const step = regularizedGamma(shape + 1, x).upper - regularizedGamma(shape, x).upper;
      expect(Math.abs(step - Math.exp(logarithm))).toBeLessThan(1e-12);
    }),
  );
});

test('the lower tail never falls, across the seam of its two formulas too', () => {
  for (const shape of [0.01, 1, 700]) {
    let previous = regularizedGamma(shape, shape + 1 - 1e-3).lower;
    for (let step = -99; step <= 100; step++) {
      const { lower, upper } = regularizedGamma(shape, shape + 1 + step * 1e-5);
      expect(lower).toBeGreaterThanOrEqual(previous - 1e-14);
      expect(lower + upper).toBe(1);
      previous = lower;
    }
  }
});

test('the largest shape is answered, by the normal law that it nears', () => {
  expectClose(regularizedGamma(1e9, 1e9).lower, 0.5 + 1 / (3 * Math.sqrt(2 * Math.PI * 1e9)), 1e-12);
});

test('the ends are certain, and x below 0 is 0', () => {
  for (const x of [0, -3]) expect(regularizedGamma(2, x)).toEqual({ lower: 0, upper: 1 });
  expect(regularizedGamma(2, Infinity)).toEqual({ lower: 1, upper: 0 });
});

test('other shapes and NaN are refused', () => {
  for (const shape of [0, -1, 2e9, Number.NaN])
    expect(() => regularizedGamma(shape, 1)).toThrow(
      new RangeError(
        `shape: received ${shape}; allowed: a number above 0, at most 1e9; ` +
          'do this: check the sample size that it comes from.',
      ),
    );
  expect(() => regularizedGamma(1, Number.NaN)).toThrow(
    new RangeError('x: received NaN; allowed: any number but NaN; do this: check the calculation of x.'),
  );
});

test('the deviance keeps its digits where count and mean are close, and is the plain formula elsewhere', () => {
  expectClose(poissonDeviance(1e8 + 1, 1e8), 0.5e-8 - 1e-16 / 6, 1e-14);
  expectClose(poissonDeviance(3, 10), 3 * Math.log(0.3) + 7, 1e-14);
  expectClose(poissonDeviance(11, 10), 11 * Math.log(1.1) - 1, 1e-13);
  expect(poissonDeviance(7, 7)).toBe(0);
});
