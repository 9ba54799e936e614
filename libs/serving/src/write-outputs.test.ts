import { expect, test } from 'vitest';
import { writeOutputs } from './write-outputs.ts';

test('each tensor type is written as the protocol has it', () => {
  const outputs = writeOutputs([
    { name: 'a', datatype: 'FP32', shape: [2, 1], data: Float32Array.of(0.5, 2) },
    { name: 'b', datatype: 'INT64', shape: [1], data: BigInt64Array.of(-7n) },
    { name: 'c', datatype: 'BOOL', shape: [2], data: Uint8Array.of(0, 1) },
    { name: 'd', datatype: 'BYTES', shape: [1], data: ['late'] },
  ]);
  expect(outputs).toEqual([
    { name: 'a', datatype: 'FP32', shape: [2, 1], data: [0.5, 2] },
    { name: 'b', datatype: 'INT64', shape: [1], data: [-7] },
    { name: 'c', datatype: 'BOOL', shape: [2], data: [false, true] },
    { name: 'd', datatype: 'BYTES', shape: [1], data: ['late'] },
  ]);
});

test.each([
  { datatype: 'FP32', data: Float32Array.of(1, Number.NaN) },
  { datatype: 'FP64', data: Float64Array.of(1, Number.POSITIVE_INFINITY) },
  { datatype: 'INT64', data: BigInt64Array.of(1n, 2n ** 53n) },
] as const)('what JSON cannot hold is an error, never null or a wrong number: $datatype', ({ datatype, data }) => {
  const error = expect.objectContaining({
    code: 'output_not_finite',
    message: expect.stringContaining('outputs.y[1]'),
  });
  expect(() => writeOutputs([{ name: 'y', datatype, shape: [2], data }])).toThrow(error);
});
