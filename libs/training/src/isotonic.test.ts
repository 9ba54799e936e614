import fc from 'fast-check';
import { expect, test } from 'vitest';
import { poolAdjacentViolators } from './isotonic.ts';

/** The isotonic fit by its definition: at i, the largest over a <= i of the smallest over b >= i of mean(a..b). */
function byDefinition(labels: readonly number[]): number[] {
  const mean = (a: number, b: number) => labels.slice(a, b + 1).reduce((sum, label) => sum + label, 0) / (b - a + 1);
  return labels.map((_, i) => {
    const least = (a: number) => Math.min(...labels.slice(i).map((_, k) => mean(a, i + k)));
    return Math.max(...labels.slice(0, i + 1).map((_, a) => least(a)));
  });
}

test('pooling gives the isotonic fit by definition, in any order of rows', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 25 }), fc.boolean(), (labels, reversed) => {
      const scores = labels.map((_, i) => i / 4);
      const turn = <T>(list: readonly T[]) => (reversed ? list.toReversed() : [...list]);
      const blocks = poolAdjacentViolators(Float32Array.from(turn(scores)), Float32Array.from(turn(labels)));
      const fitted = blocks.flatMap(({ labelSum, rows }) => new Array<number>(rows).fill(labelSum / rows));
      byDefinition(labels).forEach((expected, i) => {
        expect(fitted[i]).toBeCloseTo(expected, 12);
      });
    }),
  );
});

test('rows of equal score are one point', () => {
  const blocks = poolAdjacentViolators(Float32Array.of(1, 1, 1, 2), Float32Array.of(0, 0, 1, 1));
  expect(blocks.map(({ rows, labelSum }) => [rows, labelSum])).toEqual([
    [3, 1],
    [1, 1],
  ]);
});
