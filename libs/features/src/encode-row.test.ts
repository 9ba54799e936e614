import { expect, test } from 'vitest';
import { encodeRow } from './encode-row.ts';

const features = [
  { name: 'carrier', view: 'schedule', categories: ['UA', 'B6'] },
  { name: 'delay', view: 'recent', categories: null },
];

test('categories become their place in the list and numbers the nearest float32', () => {
  expect(encodeRow({ features }, ['B6', 0.1])).toEqual(new Float32Array([1, 0.1]));
});

test('no value, an unlisted category and text where a number belongs are NaN', () => {
  expect(encodeRow({ features }, [null, null])).toEqual(new Float32Array([Number.NaN, Number.NaN]));
  expect(encodeRow({ features }, ['ZZ', 'late'])).toEqual(new Float32Array([Number.NaN, Number.NaN]));
});

test('a row of another length is refused', () => {
  expect(() => encodeRow({ features }, ['UA'])).toThrow(/received 1 values; allowed: 2/);
});
