import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auc } from './auc.ts';
import { delong } from './delong.ts';
import { expectClose, expectCloseRecord, goldens } from './fixtures/goldens.ts';
import { normalCdf } from './normal-distribution.ts';
import { createRandom } from './random.ts';

const { labels, scoresA, scoresB } = goldens.columns;

/** Labels and the scores of two models that are the label's signal plus noise, half of it common to both. */
function simulate(rows: number, signalA: number, signalB: number, seed: number) {
  const random = createRandom(seed);
  const drawn = Array.from({ length: rows }, (_, row) => {
    const label = row % 3 === 0 ? 1 : 0;
    const common = random.normal();
    return { label, a: label * signalA + common + random.normal(), b: label * signalB + common + random.normal() };
  });
  return [drawn.map(({ label }) => label), drawn.map(({ a }) => a), drawn.map(({ b }) => b)] as const;
}

test('it agrees with the definition over all pairs, on tied scores', () => {
  expectCloseRecord(delong(labels, scoresA, scoresB), goldens.delong);
});

test('its AUC are those of auc', () => {
  const result = delong(labels, scoresA, scoresB);
  expectClose(result.aucA, auc(labels, scoresA));
  expectClose(result.aucB, auc(labels, scoresB));
});

test('exchanging the models changes signs only', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
      const [drawn, a, b] = simulate(60, 1, 0.5, seed);
      const forth = delong(drawn, a, b);
      const back = delong(drawn, b, a);
      expectClose(back.difference, -forth.difference);
      expectClose(back.lower, -forth.upper);
      expectClose(back.pValue, forth.pValue);
    }),
    { numRuns: 30 },
  );
});

test('the same ranking is no difference at all, with certainty', () => {
  const stretched = scoresA.map((score) => score * 3 - 1);
  expect(delong(labels, scoresA, stretched)).toMatchObject({
    difference: 0,
    standardError: 0,
    z: 0,
    pValue: 1,
    upper: 0,
  });
});

test('a perfect model against a constant one is a certain difference', () => {
  const result = delong([0, 0, 1, 1], [1, 2, 3, 4], [0, 0, 0, 0]);
  expect(result).toMatchObject({ difference: 0.5, standardError: 0, z: Infinity, pValue: 0, lower: 0.5, upper: 0.5 });
});

test('of equal models it calls about 5 % different, of unequal ones its interval covers the truth', () => {
  const seeds = Array.from({ length: 300 }, (_, seed) => seed);
  const rejected = seeds.filter((seed) => delong(...simulate(300, 0.8, 0.8, seed)).pValue < 0.05).length;
  expect(rejected).toBeGreaterThanOrEqual(5); // 15 expected, three standard deviations are 11
  expect(rejected).toBeLessThanOrEqual(26);
  const truth = normalCdf(1.2 / 2) - normalCdf(0.6 / 2); // scores differ by signal plus noise of variance 4;
  const covered = seeds.filter((seed) => {
    const { lower, upper } = delong(...simulate(300, 1.2, 0.6, seed));
    return lower < truth && truth < upper;
  }).length;
  expect(covered).toBeGreaterThanOrEqual(274);
  expect(covered).toBeLessThanOrEqual(296);
});

test('a class of one row is refused', () => {
  expect(() => delong([0, 0, 1], [1, 2, 3], [1, 2, 3])).toThrow(
    new RangeError(
      'labels: received 1 rows of 1 and 2 of 0; allowed: at least 2 rows of each class; ' +
        'do this: widen the selection, or report no test.',
    ),
  );
});
