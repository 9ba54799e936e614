import { expect, test } from 'vitest';
import { acceptedEncoding } from './accepted-encoding.ts';

test.each([
  [undefined, null],
  ['', null],
  ['identity', null],
  ['*', null],
  ['br, zstd', null],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['deflate', 'deflate'],
  ['deflate, gzip', 'gzip'],
  ['gzip;q=0.5, deflate', 'deflate'],
  ['gzip;q=0', null],
  ['gzip; q=0 , deflate;q=0.1', 'deflate'],
  ['gzip;q=x', null],
])('Accept-Encoding %j is answered with %j', (header, encoding) => {
  expect(acceptedEncoding(header)).toBe(encoding);
});
