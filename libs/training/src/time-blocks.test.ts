import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plantedMatrix } from './fixtures/planted-matrix.ts';
import { fitPrior } from './prior-model.ts';
import { outOfFoldScores, timeBlockedFolds } from './time-blocks.ts';

test('a fold learns from strictly earlier times only, and every later row is predicted once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 200, maxLength: 300 }),
      fc.integer({ min: 2, max: 4 }),
      (times, blocks) => {
        const folds = timeBlockedFolds(times, blocks);
        expect(folds).toHaveLength(blocks - 1);
        const at = (rows: Uint32Array) => Array.from(rows, (row) => times[row] as number);
        for (const fold of folds) expect(Math.max(...at(fold.train))).toBeLessThan(Math.min(...at(fold.test)));
        const predicted = folds.flatMap((fold) => [...fold.test]);
        expect(new Set([...predicted, ...(folds[0]?.train ?? [])]).size).toBe(times.length);
        expect(predicted).toHaveLength(times.length - (folds[0]?.train.length ?? 0));
      },
    ),
  );
});

test('out-of-fold scores come from models of the earlier rows', async () => {
  const matrix = plantedMatrix(100, 1);
  const times = BigInt64Array.from({ length: 100 }, (_, row) => BigInt(row) * 1_000_000n);
  const sizes: number[] = [];
  const scores = await outOfFoldScores(matrix, times, 4, (train) => {
    sizes.push(train.rows);
    return fitPrior(train, 'binary');
  });
  expect(sizes).toEqual([25, 50, 75]);
  expect([...scores.rows]).toEqual(Array.from({ length: 75 }, (_, i) => i + 25));
  expect([scores.blocks[0], scores.blocks[74]]).toEqual([1, 3]);
  expect([...scores.labels]).toEqual([...matrix.labels.subarray(25)]);
});

test('more blocks than times are refused', () => {
  expect(() => timeBlockedFolds([1, 1, 1, 1], 2)).toThrow('fewer blocks');
});
