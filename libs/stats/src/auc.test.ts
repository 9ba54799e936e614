import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auc } from './auc.ts';
import { expectClose, goldens } from './fixtures/goldens.ts';

/** Rows of both classes whose few distinct scores make ties likely. */
const rows = fc
  .array(fc.record({ label: fc.integer({ min: 0, max: 1 }), score: fc.integer({ min: -6, max: 6 }) }), {
    maxLength: 60,
  })
  .map((drawn) => [...drawn, { label: 0, score: 0 }, { label: 1, score: 1 }])
  .map((drawn) => ({ labels: drawn.map(({ label }) => label), scores: drawn.map(({ score }) => score) }));

function aucByAllPairs(labels: number[], scores: number[]): number {
  const of = (label: number) => scores.filter((_, row) => labels[row] === label);
  const wins = of(1).flatMap((positive) => of(0).map((negative) => (Math.sign(positive - negative) + 1) / 2));
  return wins.reduce((sum, win) => sum + win, 0) / wins.length;
}

test('it agrees with scikit-learn on tied scores', () => {
  expectClose(auc(goldens.columns.labels, goldens.columns.scoresA), goldens.auc);
});

test('it is the share of pairs won, ties half', () => {
  fc.assert(fc.property(rows, ({ labels, scores }) => expectClose(auc(labels, scores), aucByAllPairs(labels, scores))));
});

test('a growing function of the scores changes nothing', () => {
  fc.assert(
    fc.property(rows, ({ labels, scores }) => {
      expect(auc(labels, scores.map(Math.exp))).toBe(auc(labels, scores));
    }),
  );
});

test('turning scores or labels round turns it into its complement', () => {
  fc.assert(
    fc.property(rows, ({ labels, scores }) => {
      const complement = 1 - auc(labels, scores);
      expect(
        auc(
          labels,
          scores.map((score) => -score),
        ),
      ).toBeCloseTo(complement, 14);
      expect(
        auc(
          labels.map((label) => 1 - label),
          scores,
        ),
      ).toBeCloseTo(complement, 14);
    }),
  );
});

test('row order changes nothing', () => {
  fc.assert(
    fc.property(rows, ({ labels, scores }) => {
      expect(auc(labels.toReversed(), scores.toReversed())).toBe(auc(labels, scores));
    }),
  );
});

test('separated classes give 1, one constant score gives 0.5, infinite scores count by order', () => {
  expect(auc([0, 0, 1], [1, 2, 3])).toBe(1);
  expect(auc([0, 0, 1], [7, 7, 7])).toBe(0.5);
  expect(auc([0, 1, 0, 1], [-Infinity, Infinity, -0, 0])).toBe(0.875);
});

test('its arguments are left as they were', () => {
  const scores = Float64Array.of(3, 1, 2);
  auc([0, 1, 0], scores);
  expect([...scores]).toEqual([3, 1, 2]);
});
