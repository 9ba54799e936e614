import { expect, test } from 'vitest';
import { canShare, joinInputs, rowsFrom } from './batch.ts';
import type { Job } from './job.ts';
import type { Tensor } from './tensor.ts';

const tensor = (shape: number[], data: Tensor['data'], datatype: Tensor['datatype'] = 'FP32'): Tensor => ({
  name: 'x',
  datatype,
  shape,
  data,
});
const job = (inputs: Tensor[], outputs = ['y']): Job => ({ inputs, outputs, deadlineMs: 0 });

test('rows of every container are joined in order and cut apart again', () => {
  const kinds: [Tensor, Tensor][] = [
    [tensor([1, 2], Float32Array.of(1, 2)), tensor([2, 2], Float32Array.of(3, 4, 5, 6))],
    [tensor([1, 2], BigInt64Array.of(1n, 2n), 'INT64'), tensor([2, 2], BigInt64Array.of(3n, 4n, 5n, 6n), 'INT64')],
    [tensor([1, 2], ['a', 'b'], 'BYTES'), tensor([2, 2], ['c', 'd', 'e', 'f'], 'BYTES')],
    [tensor([1], Uint8Array.of(1), 'BOOL'), tensor([2], Uint8Array.of(0, 1), 'BOOL')],
  ];
  for (const [a, b] of kinds) {
    const joined = joinInputs([job([a]), job([b])], 3);
    expect(joined[0]).toMatchObject({ name: 'x', datatype: a.datatype, shape: [3, ...a.shape.slice(1)] });
    expect(rowsFrom(joined, 0, 1)).toEqual([a]);
    expect(rowsFrom(joined, 1, 2)).toEqual([b]);
  }
});

test('jobs share a run when only the number of rows differs', () => {
  const a = job([tensor([1, 2], Float32Array.of(1, 2))]);
  expect(canShare(a, job([tensor([3, 2], new Float32Array(6))]))).toBe(true);
  expect(canShare(a, job([tensor([1, 3], new Float32Array(3))]))).toBe(false);
  expect(canShare(a, job([tensor([1, 2, 1], new Float32Array(2))]))).toBe(false);
  expect(canShare(a, job(a.inputs.slice(), ['z']))).toBe(false);
  expect(canShare(a, job(a.inputs.slice(), ['y', 'z']))).toBe(false);
});

test('jobs whose inputs differ in their rows share with none, though joined they would fit', () => {
  const rows = (...counts: number[]) => job(counts.map((count) => tensor([count, 1], new Float32Array(count))));
  expect(canShare(rows(2, 2), rows(1, 1))).toBe(true);
  expect(canShare(rows(1, 2), rows(2, 1))).toBe(false);
  expect(canShare(rows(2, 2), rows(2, 1))).toBe(false);
  expect(canShare(rows(1, 2), rows(1, 1))).toBe(false);
});

test('rows of no width are cut apart as well', () => {
  expect(rowsFrom([tensor([2, 0], new Float32Array(0))], 1, 1)).toEqual([tensor([1, 0], new Float32Array(0))]);
});
