import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auc } from './auc.ts';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose, expectCloseRecord } from './fixtures/goldens.ts';
import { mannWhitney } from './mann-whitney.ts';
import { normalCdf } from './normal-distribution.ts';
import { createRandom, type Random } from './random.ts';

const sample = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 2, maxLength: 30 });

test('it agrees with SciPy and the definition over all pairs, with ties and different sizes', () => {
  for (const { a, b, mannWhitney: expected } of goldens.samples) expectCloseRecord(mannWhitney(a, b), expected);
});

test('its effect is the AUC of telling the samples apart', () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const labels = [...a.map(() => 1), ...b.map(() => 0)];
      expectClose(mannWhitney(a, b).superiority, auc(labels, [...a, ...b]));
    }),
  );
});

test('exchanging the samples mirrors everything but the p-value', () => {
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const forth = mannWhitney(a, b);
      const back = mannWhitney(b, a);
      expectClose(back.pValue, forth.pValue);
      expect(back.z + forth.z).toBe(0);
      expect(Math.abs(back.lower + forth.upper - 1)).toBeLessThan(1e-9);
      expect(forth.lower).toBeLessThanOrEqual(forth.superiority);
      expect(forth.upper).toBeGreaterThanOrEqual(forth.superiority);
    }),
  );
});

test('samples that do not meet, or hold one value only, still have an interval of some width', () => {
  const apart = mannWhitney([5, 6, 7, 8], [1, 2, 3]);
  expect(apart).toMatchObject({ u: 12, superiority: 1, upper: 1 });
  expect(apart.lower).toBeGreaterThan(0.4);
  expect(apart.lower).toBeLessThan(0.9);
  const constant = mannWhitney([3, 3, 3], [3, 3]);
  expect(constant).toMatchObject({ z: 0, pValue: 1, superiority: 0.5 });
  expect(constant.upper - constant.lower).toBeGreaterThan(0.5);
});

/** Runs the test on 400 pairs of samples. */
function simulate(draw: (random: Random) => [a: number[], b: number[]]) {
  const random = createRandom(11);
  return Array.from({ length: 400 }, () => mannWhitney(...draw(random)));
}

test('of equal distributions it calls about 5 % different, with ties too', () => {
  const rounded = simulate((random) => {
    const draw = (size: number) => Array.from({ length: size }, () => Math.round(2 * random.normal()));
    return [draw(40), draw(60)];
  });
  const rejected = rounded.filter(({ pValue }) => pValue < 0.05).length / 400;
  expect(rejected).toBeGreaterThan(0.017); // three standard deviations are 0.033
  expect(rejected).toBeLessThan(0.083);
});

test('its interval covers the true effect about as often as it says, also when spreads differ', () => {
  const truth = normalCdf(0.8 / Math.hypot(1, 3));
  const results = simulate((random) => [
    Array.from({ length: 40 }, () => 0.8 + random.normal()),
    Array.from({ length: 70 }, () => 3 * random.normal()),
  ]);
  const covered = results.filter(({ lower, upper }) => lower < truth && truth < upper).length / 400;
  expect(covered).toBeGreaterThan(0.91);
  expect(covered).toBeLessThan(0.98);
});

test('samples of less than two values, NaN and other levels are refused', () => {
  expect(() => mannWhitney([], [1, 2])).toThrow(/^valuesA: received 0 rows; allowed: at least 1 row/);
  expect(() => mannWhitney([1, 2], [1])).toThrow(
    new RangeError('valuesB: received 1 value; allowed: at least 2; do this: collect more values, or report no test.'),
  );
  expect(() => mannWhitney([1, Number.NaN], [1, 2])).toThrow(
    /^valuesA\[1\]: received NaN; allowed: any number but NaN/,
  );
  expect(() => mannWhitney([1, 2], [1, 2], 1.5)).toThrow(/^level: received 1.5; allowed: a number between 0 and 1/);
});
