import { expect, test } from 'vitest';
import { trainerCode } from './trainer-code.ts';

test('the code that trains is what the train stage reaches: threads, statistics and the writer of the file', async () => {
  const files = Object.keys(await trainerCode());
  expect(files).toEqual(
    expect.arrayContaining([
      '@repo/training/src/train-stage.ts',
      '@repo/training/src/boosting-worker.ts',
      '@repo/training/src/histogram-kernel.ts',
      '@repo/stats/src/random.ts',
      '@repo/stats/src/xoshiro128.ts',
      '@repo/onnx/src/encode-model.ts',
    ]),
  );
});

test('what only reports, only tests or nobody here uses is no part of it', async () => {
  const files = Object.keys(await trainerCode());
  expect(files.filter((file) => /report\/|\.test\.ts$|fixtures\//.test(file))).toEqual([]);
  expect(files).not.toContain('@repo/stats/src/delong.ts');
});
