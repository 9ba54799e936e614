import { InputError } from '@repo/contract/input-error';
import { expect, test } from 'vitest';
import { localStateDir } from './local-state-dir.ts';
import { parseS3Url } from './s3-url.ts';

test.each([
  ['s3://bucket', { bucket: 'bucket', prefix: '' }],
  ['s3://bucket/', { bucket: 'bucket', prefix: '' }],
  ['s3://my.bucket-1/a/b_c=1/', { bucket: 'my.bucket-1', prefix: 'a/b_c=1' }],
  ['file:.causeway/state', null],
  ['/var/state', null],
])('%s is a place in S3, or of another scheme', (url, location) => {
  expect(parseS3Url(url)).toEqual(location);
});

test.each([
  's3:',
  's3://',
  's3://b',
  's3:bucket/a',
  's3://Bucket',
  's3://b_1',
  's3://bucket//a',
  's3://bucket/../a',
  's3://bucket/a b',
])('%s is refused with the form that works', (url) => {
  expect(() => parseS3Url(url)).toThrow(InputError);
  expect(() => parseS3Url(url)).toThrow(/^CAUSEWAY_STATE: .*s3:\/\/<bucket>\/<prefix>/);
});

test('what stays on the machine is in the folder of a file: URL, and in the workspace when the state is in S3', () => {
  expect(localStateDir('file:here', '/work')).toBe('/work/here');
  expect(localStateDir('s3://bucket/prefix', '/work')).toBe('/work/.causeway/state');
  expect(() => localStateDir('ftp://host', '/work')).toThrow(InputError);
});
