import { inferResponseSchema } from '@repo/contract/protocol';
import { expect, test } from 'vitest';
import type { Tensor } from '../tensor.ts';
import { writeInferResponse } from './write-infer-response.ts';

const model = { name: 'm"1', version: '3' };
const none = new Set<string>();
const outputs: readonly Tensor[] = [
  { name: 'a', datatype: 'FP32', shape: [2, 1], data: Float32Array.of(0.5, 2) },
  { name: 'b', datatype: 'INT64', shape: [1], data: BigInt64Array.of(-7n) },
  { name: 'c', datatype: 'BOOL', shape: [2], data: Uint8Array.of(0, 1) },
  { name: 'd', datatype: 'BYTES', shape: [1], data: ['"late"\n'] },
];

test('each datatype is written as the protocol has it, and the id comes back', () => {
  const { json, binary } = writeInferResponse(model, { id: 'q"', binaryOutputs: none }, outputs);
  expect(binary).toBeNull();
  expect(inferResponseSchema.parse(JSON.parse(json))).toEqual({
    model_name: 'm"1',
    model_version: '3',
    id: 'q"',
    outputs: [
      { name: 'a', datatype: 'FP32', shape: [2, 1], data: [0.5, 2] },
      { name: 'b', datatype: 'INT64', shape: [1], data: [-7] },
      { name: 'c', datatype: 'BOOL', shape: [2], data: [false, true] },
      { name: 'd', datatype: 'BYTES', shape: [1], data: ['"late"\n'] },
    ],
  });
});

test('binary outputs follow the JSON in the order of the outputs, and no id is invented', () => {
  const { json, binary } = writeInferResponse(model, { id: undefined, binaryOutputs: new Set(['d', 'a']) }, outputs);
  const answer = JSON.parse(json);
  expect(answer).not.toHaveProperty('id');
  expect(answer.outputs[0]).toEqual({
    name: 'a',
    datatype: 'FP32',
    shape: [2, 1],
    parameters: { binary_data_size: 8 },
  });
  expect(answer.outputs[1].data).toEqual([-7]);
  expect(answer.outputs[3].parameters).toEqual({ binary_data_size: 11 });
  expect(binary?.map((bytes) => bytes.length)).toEqual([8, 11]);
});

const unwritable: Tensor[] = [
  { name: 'y', datatype: 'FP32', shape: [2], data: Float32Array.of(1, Number.NaN) },
  { name: 'y', datatype: 'FP64', shape: [2], data: Float64Array.of(1, Number.POSITIVE_INFINITY) },
  { name: 'y', datatype: 'INT64', shape: [2], data: BigInt64Array.of(1n, 2n ** 53n) },
  { name: 'y', datatype: 'UINT64', shape: [2], data: BigUint64Array.of(1n, 2n ** 64n - 1n) },
];
test.each(unwritable)(
  'what JSON cannot hold is an error, never null or a wrong number, and goes as binary: $datatype',
  (y) => {
    const error = expect.objectContaining({
      code: 'output_not_finite',
      message: expect.stringMatching(/outputs\.y\[1\].*binary data/),
    });
    expect(() => writeInferResponse(model, { id: undefined, binaryOutputs: none }, [y])).toThrow(error);
    const { binary } = writeInferResponse(model, { id: undefined, binaryOutputs: new Set(['y']) }, [y]);
    expect(binary?.[0]).toEqual(new Uint8Array((y.data as Float64Array).buffer));
  },
);
