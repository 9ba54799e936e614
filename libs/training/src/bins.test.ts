import { InputError } from '@repo/contract/input-error';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { between, binBorders, binOf, largestFloat32, maxBins } from './bins.ts';
import type { TrainingMatrix } from './training-matrix.ts';

const matrixOf = (column: Float32Array, categorical = false): TrainingMatrix => ({
  rows: column.length,
  featureNames: ['x'],
  categorical: [categorical],
  columns: [column],
  labels: new Float32Array(column.length),
});

test('a border lies from the lower value on and below the upper, also for neighbouring floats', () => {
  fc.assert(
    fc.property(
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      fc.float({ noNaN: true, noDefaultInfinity: true }),
      (x, y) => {
        fc.pre(x !== y);
        const [low, high] = x < y ? [x, y] : [y, x];
        const border = between(low, high);
        expect(border).toBe(Math.fround(border));
        expect(border >= low && border < high).toBe(true);
      },
    ),
  );
});

test('a value is in bin k exactly when it is at most border k', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noDefaultInfinity: true }), { minLength: 1, maxLength: 400 }), (values) => {
      const column = Float32Array.from(values);
      const borders = binBorders(matrixOf(column), 0);
      expect(borders.length).toBeLessThanOrEqual(maxBins);
      for (const value of column)
        borders.forEach((border, k) => {
          if (!Number.isNaN(value)) expect(binOf(borders, value) <= k + 1).toBe(value <= border);
        });
      expect(binOf(borders, Number.NaN)).toBe(0);
    }),
    { numRuns: 30 },
  );
});

test('few different values get a bin each; many get bins of about equal size', () => {
  expect([...binBorders(matrixOf(Float32Array.of(3, 1, 2, 2, Number.NaN)), 0)]).toEqual([1.5, 2.5, largestFloat32]);
  const many = Float32Array.from({ length: 20_000 }, (_, i) => Math.sqrt(i));
  const borders = binBorders(matrixOf(many), 0);
  const sizes = new Array<number>(255).fill(0);
  for (const value of many) sizes[binOf(borders, value)] = (sizes[binOf(borders, value)] as number) + 1;
  expect(borders.length).toBe(maxBins);
  expect(Math.max(...sizes)).toBeLessThan(2 * (20_000 / maxBins));
});

test('every category code has its own bin, seen or not', () => {
  const borders = binBorders(matrixOf(Float32Array.of(0, 5, Number.NaN, 2), true), 0);
  expect([0, 1, 2, 3, 4, 5].map((code) => binOf(borders, code))).toEqual([1, 2, 3, 4, 5, 6]);
});

test.each([[254], [1.5], [-1]])('category code %f is refused', (code) => {
  expect(() => binBorders(matrixOf(Float32Array.of(code), true), 0)).toThrow(InputError);
});
