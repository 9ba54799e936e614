import { expect, test } from 'vitest';
import { chooseExecutor } from './choose-executor.ts';

const input = (shape: number[]) => [{ name: 'x', datatype: 'FP32' as const, shape }];

test.each([
  { what: 'quick and small', bytes: 2 ** 22, oneRowMs: 0.2, fullBatchMs: 2, kind: 'inline' },
  { what: 'slow with one row', bytes: 1000, oneRowMs: 0.21, fullBatchMs: 1, kind: 'worker' },
  { what: 'slow with the largest batch', bytes: 1000, oneRowMs: 0.1, fullBatchMs: 2.1, kind: 'worker' },
  { what: 'quick and large, such as a table', bytes: 2 ** 22 + 1, oneRowMs: 0.01, fullBatchMs: 0.1, kind: 'worker' },
])('a model that is $what runs $kind', ({ bytes, oneRowMs, fullBatchMs, kind }) => {
  expect(chooseExecutor(bytes, input([-1, 3]), { oneRowMs, fullBatchMs, noBatches: undefined })).toBe(kind);
});

test.each([
  { what: 'only its rows are free', shape: [-1, 3], noBatches: undefined, kind: 'inline' },
  { what: 'nothing is free', shape: [4, 3], noBatches: 'its first dimension is not free', kind: 'inline' },
  {
    what: 'its rows are free but do not come apart',
    shape: [-1, 3],
    noBatches: 'its definition says so',
    kind: 'worker',
  },
  {
    what: 'something else is free, such as the length of a text',
    shape: [-1, -1],
    noBatches: undefined,
    kind: 'worker',
  },
])('a quick model of which $what runs $kind: requests must not hold the event loop', ({ shape, noBatches, kind }) => {
  expect(chooseExecutor(1000, input(shape), { oneRowMs: 0.1, fullBatchMs: 1, noBatches })).toBe(kind);
});
