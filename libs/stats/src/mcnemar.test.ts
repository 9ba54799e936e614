import { expect, test } from 'vitest';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose, expectCloseRecord } from './fixtures/goldens.ts';
import { mcnemar } from './mcnemar.ts';
import { createRandom } from './random.ts';

const { labels, decisionsA, decisionsB } = goldens.columns;

test('it agrees with the exact test of statsmodels', () => {
  expectCloseRecord(mcnemar(labels, decisionsA, decisionsB), goldens.mcnemar);
});

test('exchanging the models changes the sign, and the order of rows nothing', () => {
  const { onlyA, onlyB, difference, pValue } = mcnemar(labels, decisionsA, decisionsB);
  expect(mcnemar(labels, decisionsB, decisionsA)).toEqual({
    onlyA: onlyB,
    onlyB: onlyA,
    difference: -difference,
    pValue,
  });
  const reversed = [labels, decisionsA, decisionsB].map((column) => column.toReversed());
  expect(mcnemar(...(reversed as [number[], number[], number[]]))).toEqual({ onlyA, onlyB, difference, pValue });
});

test('rows on which the models agree do not count', () => {
  const rare = mcnemar([1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 0], [0, 0, 0, 0, 0, 0]);
  expectClose(rare.pValue, 2 / 32);
  const many = Array.from({ length: 1000 }, (_, row) => row % 2);
  const padded = (column: number[]) => [...column, ...many];
  const diluted = mcnemar(padded([1, 1, 1, 1, 1, 0]), padded([1, 1, 1, 1, 1, 0]), padded([0, 0, 0, 0, 0, 0]));
  expect(diluted.pValue).toBe(rare.pValue);
});

test('models that never differ, or differ as often each way, have a p-value of 1', () => {
  expect(mcnemar([1, 0], [1, 1], [1, 1])).toEqual({ onlyA: 0, onlyB: 0, difference: 0, pValue: 1 });
  expect(mcnemar([1, 0], [1, 1], [0, 0]).pValue).toBe(1);
});

test('of equal models it calls at most 5 % different, of unequal ones most', () => {
  const random = createRandom(6);
  const rejectedShare = (errorsA: number, errorsB: number) => {
    let rejected = 0;
    for (let run = 0; run < 500; run++) {
      const drawn = Array.from({ length: 300 }, () => random.integer(2));
      const decide = (errors: number) => drawn.map((label) => (random.next() < errors ? 1 - label : label));
      if (mcnemar(drawn, decide(errorsA), decide(errorsB)).pValue < 0.05) rejected++;
    }
    return rejected / 500;
  };
  expect(rejectedShare(0.2, 0.2)).toBeGreaterThan(0.012); // an exact test of a count stays below 5 %
  expect(rejectedShare(0.2, 0.2)).toBeLessThan(0.065);
  expect(rejectedShare(0.2, 0.35)).toBeGreaterThan(0.9);
});

test('columns of other lengths and decisions that are not 0 or 1 are refused', () => {
  expect(() => mcnemar([1, 0], [1, 0], [1])).toThrow(
    /^decisionsB: received 1 rows; allowed: 2 rows, as many as labels/,
  );
  expect(() => mcnemar([1, 2], [1, 0], [1, 0])).toThrow(/^labels\[1\]: received 2; allowed: 0 or 1/);
  expect(() => mcnemar([1, 0], [1, 0.4], [1, 0])).toThrow(/^decisionsA\[1\]: received 0.4; allowed: 0 or 1/);
  expect(() => mcnemar([1, 0], [1, 0], [Number.NaN, 0])).toThrow(/^decisionsB\[0\]: received NaN; allowed: 0 or 1/);
});
