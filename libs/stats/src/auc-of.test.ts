import { expect, test } from 'vitest';
import { auc } from './auc.ts';
import { aucOf } from './auc-of.ts';
import { clusters, coverage, drawClustered, once } from './fixtures/clustered-rows.ts';
import { expectGoldenStatistic, goldens } from './fixtures/comparison-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { normalCdf } from './normal-distribution.ts';
import { prAuc } from './pr-auc.ts';
import { prAucOf } from './pr-auc-of.ts';
import { createRandom, type Random } from './random.ts';

const { labels, scores } = goldens.columns;
const areas = { aucOf, prAucOf };

/** Labels, and scores that are 1 higher for positives. */
function drawScores(random: Random) {
  const noise = drawClustered(random, 0.3);
  const drawn = Array.from(noise, () => (random.next() < 0.3 ? 1 : 0));
  return [drawn, Array.from(noise, (value, row) => value + (drawn[row] as number))] as const;
}

/** Area under the precision-recall curve of scores from N(1, 1) for 30 % of rows and from N(0, 1) for the rest. */
function truePrAuc(): number {
  let area = 0;
  const width = 1e-3;
  for (let score = -7; score < 8; score += width) {
    const recall = normalCdf(1 - score);
    const precision = (0.3 * recall) / (0.3 * recall + 0.7 * normalCdf(-score));
    area += precision * (recall - normalCdf(1 - score - width));
  }
  return area;
}

test.each(Object.entries(areas))('%s agrees with scikit-learn on weighted rows, of all and of a group', (name, of) => {
  expectGoldenStatistic(name as keyof typeof areas, (among) => of(labels, scores, among));
});

test('on the data itself they are the areas of one model', () => {
  const [drawn, values] = drawScores(createRandom(1));
  expectClose(aucOf(drawn, values)(clusters)(once), auc(drawn, values));
  expectClose(prAucOf(drawn, values)(clusters)(once), prAuc(drawn, values));
});

test('without a class in the resample they are undefined', () => {
  const few = { count: 3, ofRow: Int32Array.of(0, 1, 2) };
  for (const of of Object.values(areas)) {
    const evaluate = of([1, 0, 0], [3, 2, 1])(few);
    expect(evaluate(Float64Array.of(0, 1, 1))).toBeNaN();
    expect(evaluate(Float64Array.of(2, 0, 1))).toBe(1);
  }
});

test('intervals of both areas cover the truth about as often as they say', () => {
  for (const covered of [
    coverage(normalCdf(Math.SQRT1_2), (random) => aucOf(...drawScores(random))),
    coverage(truePrAuc(), (random) => prAucOf(...drawScores(random))),
  ]) {
    expect(covered).toBeGreaterThan(0.9);
    expect(covered).toBeLessThan(0.98);
  }
});

test.each(Object.entries(areas))('%s refuses bad columns by name', (_, of) => {
  const few = { count: 2, ofRow: Int32Array.of(0, 1) };
  expect(() => of([0, 1], [1])(few)).toThrow(/^scores: received 1 rows; allowed: 2 rows, as many as clusters/);
  expect(() => of([0, 2], [1, 2])(few)).toThrow(/^labels\[1\]: received 2; allowed: 0 or 1/);
  expect(() => of([0, 1], [1, Number.NaN])(few)).toThrow(/^scores\w*\[1\]: received NaN; allowed: any number but NaN/);
  expect(() => of([0, 1], [1, 2], [0, 1])(few)).toThrow(/^labels: received only 1; allowed: rows of both classes/);
  expect(() => of([0, 1], [1, 2], [0, 0])(few)).toThrow(/^among: received no row of 1; allowed: at least one/);
});
