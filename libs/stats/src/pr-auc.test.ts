import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { prAuc } from './pr-auc.ts';
import { createRandom } from './random.ts';

const { labels, scores } = goldens.columns;

test('it agrees with the average precision of scikit-learn, on tied scores', () => {
  expectClose(prAuc(labels, scores), goldens.prAuc);
});

test('a perfect model has 1, and a constant one the share of positives', () => {
  expect(prAuc([0, 0, 1, 1], [1, 2, 3, Infinity])).toBe(1);
  expectClose(prAuc([0, 1, 0, 0, 1], [7, 7, 7, 7, 7]), 0.4);
  expectClose(prAuc([1, 0, 0, 1], [1, 2, 3, 4]), (1 + 1 / 2) / 2);
});

test('of a model without skill it is about the share of positives', () => {
  const random = createRandom(1);
  const drawn = Array.from({ length: 20_000 }, () => (random.next() < 0.2 ? 1 : 0));
  expectClose(prAuc(drawn, drawn.map(random.next)), 0.2, 0.05);
});

test('only the order of the scores counts, and the order of rows does not', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: -9, max: 9 })), { maxLength: 40 });
  fc.assert(
    fc.property(rows, (drawn) => {
      const both: [number, number][] = [[0, 3], [1, 2], ...drawn];
      const column = (index: 0 | 1) => both.map((row) => row[index]);
      const area = prAuc(column(0), column(1));
      expectClose(
        prAuc(
          column(0),
          column(1).map((score) => Math.exp(score)),
        ),
        area,
      );
      expectClose(prAuc(column(0).toReversed(), column(1).toReversed()), area);
      expect(area).toBeGreaterThan(0);
      expect(area).toBeLessThanOrEqual(1);
    }),
  );
});

test('bad columns are refused by name', () => {
  expect(() => prAuc([0, 1], [1])).toThrow(/^labels: received 2 rows|^scores: received 1 rows/);
  expect(() => prAuc([0, 2], [1, 2])).toThrow(/^labels\[1\]: received 2; allowed: 0 or 1/);
  expect(() => prAuc([0, 1], [1, Number.NaN])).toThrow(/^scores\[1\]: received NaN; allowed: any number but NaN/);
  expect(() => prAuc([0, 0], [1, 2])).toThrow(/^labels: received only 0; allowed: rows of both classes/);
});
