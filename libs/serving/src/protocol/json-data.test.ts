import type { Datatype } from '@repo/contract/protocol';
import { expect, test } from 'vitest';
import { readJsonData } from './json-data.ts';

const read = (datatype: Datatype, data: unknown[], shape = [data.length]) =>
  readJsonData(
    datatype,
    shape,
    shape.reduce((product, size) => product * size, 1),
    data,
    'data',
  );

test('flat and nested data give the same values, null being a missing float', () => {
  const nested = [[[1, null], [3, 4.5]], [[-5, 0], [7, 8]]]; // biome-ignore format: a cube
  const expected = Float32Array.of(1, Number.NaN, 3, 4.5, -5, 0, 7, 8);
  expect(read('FP32', nested, [2, 2, 2])).toEqual(expected);
  expect(read('FP32', nested.flat(2), [2, 2, 2])).toEqual(expected);
});

test.each<[Datatype, unknown[], unknown]>([
  ['BOOL', [true, false, 1, 0], Uint8Array.of(1, 0, 1, 0)],
  ['UINT8', [0, 255], Uint8Array.of(0, 255)],
  ['INT8', [-128, 127], Int8Array.of(-128, 127)],
  ['UINT16', [0, 65_535], Uint16Array.of(0, 65_535)],
  ['INT16', [-32_768, 32_767], Int16Array.of(-32_768, 32_767)],
  ['UINT32', [0, 2 ** 32 - 1], Uint32Array.of(0, 2 ** 32 - 1)],
  ['INT32', [-(2 ** 31), 2 ** 31 - 1], Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
  ['UINT64', [0, 2 ** 53 - 1], BigUint64Array.of(0n, 2n ** 53n - 1n)],
  ['INT64', [-(2 ** 53 - 1), 5], BigInt64Array.of(-(2n ** 53n - 1n), 5n)],
  ['FP32', [0.5, null, -0], Float32Array.of(0.5, Number.NaN, -0)],
  ['FP64', [1e300, null], Float64Array.of(1e300, Number.NaN)],
  ['BYTES', ['late', '', 'é\u{1f6eb}'], ['late', '', 'é\u{1f6eb}']],
])('%s is read from its smallest to its largest', (datatype, data, expected) => {
  expect(read(datatype, data)).toEqual(expected);
});

test.each<[Datatype, unknown, string]>([
  ['BOOL', 2, 'true, false, 1 and 0'],
  ['BOOL', null, 'true, false, 1 and 0'],
  ['UINT8', 256, 'integers from 0 to 255'],
  ['UINT8', -1, 'integers from 0 to 255'],
  ['INT8', 1.5, 'integers from -128 to 127'],
  ['INT16', 32_768, 'integers from -32768 to 32767'],
  ['UINT32', 2 ** 32, 'integers from 0 to 4294967295'],
  ['INT32', null, 'integers from -2147483648 to 2147483647'],
  ['INT64', 2 ** 53, 'integers from -9007199254740991 to 9007199254740991'],
  ['UINT64', '5', 'integers from 0 to 9007199254740991'],
  ['FP32', 1e39, 'finite numbers within FP32, and null for missing'],
  ['FP32', '1', 'finite numbers within FP32, and null for missing'],
  ['FP64', true, 'finite numbers within FP64, and null for missing'],
  ['BYTES', 5, 'strings without NUL, where the runtime would end them'],
  ['BYTES', null, 'strings without NUL, where the runtime would end them'],
  ['BYTES', '\ud800', 'strings without NUL, where the runtime would end them'],
  ['BYTES', 'a\0b', 'strings without NUL, where the runtime would end them'],
])('%s does not take %j', (datatype, value, allowed) => {
  const problems = [expect.objectContaining({ path: 'data[1]', allowed })];
  const right = datatype === 'BYTES' ? '1' : 1;
  expect(() => read(datatype, [right, value])).toThrow(expect.objectContaining({ code: 'invalid_tensor', problems }));
});

test.each<{ what: string; data: unknown[]; path: string; received: string }>([
  { what: 'a short flat list', data: [1, 2, 3], path: 'data', received: '3 values' },
  { what: 'a short row', data: [[1, 2], [3]], path: 'data[1]', received: '1 values' },
  { what: 'a long row', data: [[1, 2], [3, 4, 5]], path: 'data[1]', received: '3 values' }, // biome-ignore format: rows
  { what: 'a missing row', data: [[1, 2]], path: 'data', received: '1 rows' },
  { what: 'a number among rows', data: [[1, 2], 3], path: 'data[1]', received: '3' },
  { what: 'a row among numbers', data: [1, 2, [3], 4], path: 'data[2]', received: '[3]' },
  { what: 'a row within a row', data: [[1, 2], [3, [4]]], path: 'data[1][1]', received: '[4]' }, // biome-ignore format: rows
  { what: 'no data', data: [], path: 'data', received: '0 values' },
])('$what is refused, naming the place', ({ data, path, received }) => {
  const problems = [expect.objectContaining({ path, received: expect.stringContaining(received) })];
  expect(() => read('FP32', data, [2, 2])).toThrow(expect.objectContaining({ code: 'invalid_tensor', problems }));
});
