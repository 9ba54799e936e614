import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTensorData } from './read-tensor.ts';

test('flat and nested data give the same values, null becoming NaN', () => {
  const flat = readTensorData([1, null, 3, 4.5, -5, 0], 2, 3, 'data');
  const nested = readTensorData(
    [
      [1, null, 3],
      [4.5, -5, 0],
    ],
    2,
    3,
    'data',
  );
  expect(flat).toEqual(Float32Array.of(1, Number.NaN, 3, 4.5, -5, 0));
  expect(nested).toEqual(flat);
});

test('any finite rows come through rounded to float32', () => {
  const row = fc.array(fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.constant(null)), {
    minLength: 4,
    maxLength: 4,
  });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), (rows) => {
      const expected = Float32Array.from(rows.flat(), (value) => value ?? Number.NaN);
      expect(readTensorData(rows, rows.length, 4, 'data')).toEqual(expected);
      expect(readTensorData(rows.flat(), rows.length, 4, 'data')).toEqual(expected);
    }),
  );
});

const refused = [
  { what: 'a short flat list', data: [1, 2, 3], path: 'data', received: '3 values' },
  { what: 'a short row', data: [[1, 2], [3]], path: 'data[1]', received: '1 values' },
  {
    what: 'a long row',
    data: [
      [1, 2],
      [3, 4, 5],
    ],
    path: 'data[1]',
    received: '3 values',
  },
  { what: 'a missing row', data: [[1, 2]], path: 'data', received: '1 rows' },
  { what: 'a number among rows', data: [[1, 2], 3], path: 'data[1]', received: '3' },
  { what: 'a row among numbers', data: [1, 2, [3], 4], path: 'data[2]', received: '[3]' },
  {
    what: 'a row within a row',
    data: [
      [1, 2],
      [3, [4]],
    ],
    path: 'data[1][1]',
    received: '[4]',
  },
  { what: 'text', data: [1, '2', 3, 4], path: 'data[1]', received: '2' },
  { what: 'a boolean', data: [1, 2, true, 4], path: 'data[2]', received: 'true' },
  { what: 'more than float32 holds', data: [1, 2, 3, 1e39], path: 'data[3]', received: '1e+39' },
  { what: 'no data', data: [], path: 'data', received: '0 values' },
];
test.each(refused)('$what is refused, naming the place', ({ data, path, received }) => {
  expect(() => readTensorData(data, 2, 2, 'data')).toThrow(
    expect.objectContaining({
      code: 'invalid_tensor',
      problems: [expect.objectContaining({ path, received: expect.stringContaining(received) })],
    }),
  );
});
