import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { chanceOfPsi, independentRows, measureDayLaw } from './day-law.ts';
import { goldens } from './fixtures/goldens.ts';

/** Histograms of days of 500 rows, where each row has its day's own bin with a probability, up to twice `shared`. */
function drawDays(seed: number, days: number, shared: number): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: days }, () => {
    const own = random.integer(10);
    const often = 2 * shared * random.next();
    const counts = new Array<number>(10).fill(0);
    for (let row = 0; row < 500; row++) {
      const bin = random.next() < often ? own : random.integer(10);
      counts[bin] = (counts[bin] as number) + 1;
    }
    return counts;
  });
}

const sumOf = (days: number[][]): number[] =>
  days.reduce((sum, day) => sum.map((count, bin) => count + (day[bin] as number)), new Array<number>(10).fill(0));

test('index, p-value and noise limit agree with SciPy, for independent rows and for days', () => {
  for (const { reference, current, law, alpha, psi, pValue, limit } of goldens.chances) {
    const chance = chanceOfPsi(reference, current, law, alpha);
    expect(chance.psi).toBeCloseTo(psi, 10);
    expect(chance.pValue).toBeCloseTo(pValue, 8);
    expect(chance.limit).toBeCloseTo(limit, 8);
  }
});

test('independent rows have a design effect of 1, rows that share their day a larger one', () => {
  const independent = drawDays(1, 100, 0);
  expect(measureDayLaw(sumOf(independent), independent)?.designEffect).toBeLessThan(1.1);
  const shared = drawDays(2, 100, 0.2);
  // Variance of a bin's share among days: 0.04 of 0.09 besides what rows do, 500 times.
  expect(measureDayLaw(sumOf(shared), shared)?.designEffect).toBeGreaterThan(10);
});

test('under the measured law a day exceeds its 95 % limit about once in twenty, under that of rows nearly always', () => {
  const days = drawDays(3, 200, 0.1);
  const reference = sumOf(days);
  const law = measureDayLaw(reference, days) ?? independentRows;
  const above = (used: typeof law) =>
    drawDays(4, 400, 0.1).filter((day) => {
      const { psi, limit } = chanceOfPsi(reference, day, used, 0.05);
      return psi > limit;
    }).length / 400;
  expect(above(law)).toBeGreaterThan(0.01);
  expect(above(law)).toBeLessThan(0.15);
  expect(above(independentRows)).toBeGreaterThan(0.7);
});

test('the strangest day is left out of few days too', () => {
  const ordinary = drawDays(5, 30, 0);
  const strange = [5000, ...new Array<number>(9).fill(0)];
  const reference = sumOf(ordinary);
  expect(measureDayLaw(reference, [...ordinary, strange])?.designEffect).toBe(
    measureDayLaw(reference, [...ordinary, [...strange].reverse()])?.designEffect,
  );
  expect(measureDayLaw(reference, [...ordinary, strange])?.designEffect).toBeLessThan(1.3);
});

test('a few days are no law, and a feature with one value never drifts', () => {
  expect(measureDayLaw([10, 10], drawDays(1, 13, 0))).toBeNull();
  const constant = Array.from({ length: 20 }, () => [100]);
  expect(measureDayLaw([2000], constant)).toMatchObject({ designEffect: 1, unevenness: 1 });
  expect(chanceOfPsi([2000], [100], independentRows, 0.01)).toEqual({ psi: 0, pValue: 1, limit: 0 });
});
