import type { Datatype } from '@repo/contract/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TensorData } from '../tensor.ts';
import { readBinaryData, writeBinaryData } from './binary-data.ts';

const write = (datatype: Datatype, data: TensorData) =>
  writeBinaryData({ name: 't', datatype, shape: [data.length], data });

test.each<[Datatype, TensorData, number[]]>([
  ['BOOL', Uint8Array.of(1, 0), [1, 0]],
  ['INT16', Int16Array.of(1, -2), [1, 0, 0xfe, 0xff]],
  ['INT64', BigInt64Array.of(-1n), Array(8).fill(255)],
  ['FP32', Float32Array.of(1.5), [0, 0, 0xc0, 0x3f]],
  ['BYTES', ['é', ''], [2, 0, 0, 0, 0xc3, 0xa9, 0, 0, 0, 0]],
])('%s is little-endian without padding, both ways', (datatype, data, bytes) => {
  expect([...write(datatype, data)]).toEqual(bytes);
  expect(readBinaryData(datatype, data.length, Uint8Array.from(bytes), 't')).toEqual(data);
});

test('any texts come back as they were', () => {
  const texts = fc.array(fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed() && !text.includes('\0')));
  fc.assert(
    fc.property(texts, (data) => {
      expect(readBinaryData('BYTES', data.length, write('BYTES', data), 't')).toEqual(data);
    }),
  );
});

test.each<{ what: string; datatype: Datatype; count: number; bytes: number[]; path: string; received: string }>([
  { what: 'too few bytes', datatype: 'FP32', count: 2, bytes: [0, 0, 0, 0], path: 't', received: '4 bytes' },
  { what: 'too many bytes', datatype: 'INT8', count: 1, bytes: [0, 0], path: 't', received: '2 bytes' },
  { what: 'a boolean of 2', datatype: 'BOOL', count: 2, bytes: [1, 2], path: 't[1]', received: '2' },
  { what: 'a missing text', datatype: 'BYTES', count: 2, bytes: [0, 0, 0, 0], path: 't', received: '1 elements' },
  { what: 'half a length', datatype: 'BYTES', count: 1, bytes: [0, 0], path: 't', received: '0 elements' },
  {
    what: 'a length beyond the tensor',
    datatype: 'BYTES',
    count: 1,
    bytes: [255, 255, 255, 255, 65],
    path: 't[0]',
    received: 'a length of 4294967295 bytes',
  },
  {
    what: 'bytes after the last text',
    datatype: 'BYTES',
    count: 1,
    bytes: [1, 0, 0, 0, 65, 66],
    path: 't',
    received: '1 bytes after',
  },
  {
    what: 'a text with a NUL',
    datatype: 'BYTES',
    count: 1,
    bytes: [3, 0, 0, 0, 97, 0, 98],
    path: 't[0]',
    received: 'a NUL at byte 1',
  },
  {
    what: 'a text that is not UTF-8',
    datatype: 'BYTES',
    count: 1,
    bytes: [1, 0, 0, 0, 0xff],
    path: 't[0]',
    received: 'not UTF-8',
  },
])('$what is refused, naming the place', ({ datatype, count, bytes, path, received }) => {
  const problems = [expect.objectContaining({ path, received: expect.stringContaining(received) })];
  expect(() => readBinaryData(datatype, count, Uint8Array.from(bytes), 't')).toThrow(
    expect.objectContaining({ code: 'invalid_tensor', problems }),
  );
});
