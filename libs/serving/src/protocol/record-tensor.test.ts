import { expect, test } from 'vitest';
import { recordTensor } from './record-tensor.ts';

test('elements are kept to the last bit, NaN too, wherever they lie in their memory', () => {
  const memory = Float32Array.of(9, 0.1, Number.NaN, -0);
  const { base64 } = recordTensor({ name: 'x', datatype: 'FP32', shape: [3], data: memory.subarray(1) }) as {
    base64: string;
  };
  const bytes = Buffer.from(base64, 'base64');
  expect([bytes.readFloatLE(0), bytes.readFloatLE(4), bytes.readFloatLE(8)]).toEqual([
    Math.fround(0.1),
    Number.NaN,
    -0,
  ]);
  const large = recordTensor({ name: 'n', datatype: 'INT64', shape: [1], data: BigInt64Array.of(2n ** 62n) });
  expect(Buffer.from((large as { base64: string }).base64, 'base64').readBigInt64LE()).toBe(2n ** 62n);
});

test('texts stay texts', () => {
  const tensor = { name: 't', datatype: 'BYTES', shape: [2], data: ['é', ''] } as const;
  expect(recordTensor(tensor)).toEqual(tensor);
});
