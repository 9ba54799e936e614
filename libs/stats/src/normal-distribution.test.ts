import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { expectClose, goldens } from './fixtures/goldens.ts';
import { normalCdf, normalDensity, normalQuantile } from './normal-distribution.ts';

test('the distribution function agrees with SciPy to 1e-12 relative from -37 to 8', () => {
  for (const [x, probability] of goldens.normalCdf) expectClose(normalCdf(x), probability, 1e-12);
});

test('the upper tail is the lower one of -x, to 1e-12 relative up to 36', () => {
  expectGolden('normalUpperTail', (x) => normalCdf(-x), 1e-12);
});

test('the quantile agrees with SciPy to 1e-12 from 1e-300 to 1 - 1e-9', () => {
  for (const [probability, x] of goldens.normalQuantile)
    expect(Math.abs(normalQuantile(probability) - x), `${probability}`).toBeLessThan(1e-12 * Math.max(1, Math.abs(x)));
});

test('the quantile inverts the distribution function', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-200, max: 1 - 1e-6, noNaN: true }), (probability) => {
      expectClose(normalCdf(normalQuantile(probability)), probability, 1e-11);
    }),
  );
});

test('the distribution function never falls, across the seams of its two formulas too', () => {
  for (const seam of [-2.5, 2.5]) {
    let previous = normalCdf(seam - 1e-6);
    for (let step = -99; step <= 100; step++) {
      const current = normalCdf(seam + step * 1e-8);
      expect(current).toBeGreaterThan(previous);
      previous = current;
    }
  }
});

test('the density is the slope of the distribution function', () => {
  for (const x of [-3, -1, 0, 0.7, 2.5])
    expectClose((normalCdf(x + 1e-5) - normalCdf(x - 1e-5)) / 2e-5, normalDensity(x), 1e-8);
});

test('infinities are the ends', () => {
  expect([normalCdf(-Infinity), normalCdf(0), normalCdf(Infinity)]).toEqual([0, 0.5, 1]);
  expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([
    -Infinity,
    expect.closeTo(0, 15),
    Infinity,
  ]);
});

test('NaN and numbers that are no probability are refused', () => {
  expect(() => normalCdf(Number.NaN)).toThrow(
    new RangeError('x: received NaN; allowed: any number but NaN; do this: check the calculation of x.'),
  );
  for (const probability of [-0.1, 1.1, Number.NaN])
    expect(() => normalQuantile(probability)).toThrow(
      new RangeError(
        `probability: received ${probability}; allowed: a number from 0 to 1; do this: pass a share, not a percentage.`,
      ),
    );
});
