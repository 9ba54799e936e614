import { expect, test } from 'vitest';
import { lockedPackages } from './locked-package.ts';

const lock = JSON.stringify({
  packages: {
    '': { name: 'causeway' },
    'node_modules/send/node_modules/@a/b': {
      version: '2.0.0',
      license: 'MIT',
      integrity: `sha512-${'AAAA'.repeat(4)}`,
    },
    'node_modules/bare': { version: '1.0.0' },
  },
});

test('a package is read from where it was installed, however deep', () => {
  expect(lockedPackages(lock)('node_modules/send/node_modules/@a/b')).toEqual({
    name: '@a/b',
    version: '2.0.0',
    license: 'MIT',
    sha512: '00'.repeat(12),
  });
  expect(lockedPackages(lock)('node_modules/bare')).toMatchObject({ license: null, sha512: null });
});

test('a package that the lock does not list is an error', () => {
  expect(() => lockedPackages(lock)('node_modules/stranger')).toThrow('does not list it');
});
