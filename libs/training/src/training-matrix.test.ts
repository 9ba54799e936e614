import { expect, test } from 'vitest';
import { createTrainingMatrix, selectRows } from './training-matrix.ts';

const good = {
  featureNames: ['a', 'b'],
  categorical: [false, false],
  columns: [Float32Array.of(1, Number.NaN), Float32Array.of(3, 4)],
  labels: Float32Array.of(0, 1),
};

test('rows are counted and can be chosen', () => {
  const matrix = createTrainingMatrix(good);
  expect(matrix.rows).toBe(2);
  expect(selectRows(matrix, [1, 1, 0]).columns[1]).toEqual(Float32Array.of(4, 4, 3));
});

test.each([
  ['an infinite value', { columns: [Float32Array.of(1, Infinity), good.columns[1] as Float32Array] }, 'columns.a'],
  ['a ragged column', { columns: [Float32Array.of(1), good.columns[1] as Float32Array] }, 'columns.a'],
  ['a missing column', { columns: [good.columns[0] as Float32Array] }, 'columns'],
  ['a label that is not a number', { labels: Float32Array.of(0, Number.NaN) }, 'labels'],
  ['a flag too few', { categorical: [true] }, 'categorical'],
])('%s is refused by its path', (_, change, path) => {
  expect(() => createTrainingMatrix({ ...good, ...change })).toThrow(new RegExp(`^${path}: received`));
});

test('no rows are refused', () => {
  expect(() =>
    createTrainingMatrix({ featureNames: [], categorical: [], columns: [], labels: new Float32Array(0) }),
  ).toThrow('no rows');
});
