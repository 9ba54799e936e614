import { expect, test } from 'vitest';
import { chooseExecutor } from './choose-executor.ts';

test.each([
  { what: 'quick and small', bytes: 2 ** 22, oneRowMs: 0.2, fullBatchMs: 2, kind: 'inline' },
  { what: 'slow with one row', bytes: 1000, oneRowMs: 0.21, fullBatchMs: 1, kind: 'worker' },
  { what: 'slow with the largest batch', bytes: 1000, oneRowMs: 0.1, fullBatchMs: 2.1, kind: 'worker' },
  { what: 'quick and large, such as a table', bytes: 2 ** 22 + 1, oneRowMs: 0.01, fullBatchMs: 0.1, kind: 'worker' },
])('a model that is $what runs $kind', ({ bytes, oneRowMs, fullBatchMs, kind }) => {
  expect(chooseExecutor(bytes, { oneRowMs, fullBatchMs, noBatches: undefined })).toBe(kind);
});
