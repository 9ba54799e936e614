import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { installedClosure } from './installed-closure.ts';

const locked = (packages: object): string => JSON.stringify({ packages });
const link = (resolved: string) => ({ link: true, resolved });

test('a program brings its packages and theirs, each from where Node finds it, and nothing that only tests', () => {
  const lock = locked({
    'apps/shop': { dependencies: { '@repo/price': '*', logger: '1' }, devDependencies: { tester: '1' } },
    'node_modules/@repo/price': link('libs/price'),
    'libs/price': { dependencies: { '@scope/money': '2', logger: '2' } },
    'libs/price/node_modules/logger': {},
    'node_modules/@scope/money': { dependencies: { tiny: '1' } },
    'node_modules/@scope/money/node_modules/tiny': {},
    'node_modules/logger': {},
    'node_modules/tiny': {},
    'node_modules/tester': {},
  });
  expect(installedClosure(lock, 'apps/shop')).toEqual({
    own: ['apps/shop', 'libs/price'],
    packages: [
      'libs/price/node_modules/logger',
      'node_modules/@scope/money',
      'node_modules/@scope/money/node_modules/tiny',
      'node_modules/logger',
    ],
  });
});

test('of what is native it takes what Linux on x64 loads', () => {
  const native = (os: string, cpu: string, libc?: string) => ({ os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) });
  const lock = locked({
    'apps/shop': { optionalDependencies: { linux: '1', mac: '1', arm: '1', musl: '1', absent: '1' } },
    'node_modules/linux': native('linux', 'x64', 'glibc'),
    'node_modules/mac': native('darwin', 'x64'),
    'node_modules/arm': native('linux', 'arm64'),
    'node_modules/musl': native('linux', 'x64', 'musl'),
  });
  expect(installedClosure(lock, 'apps/shop').packages).toEqual(['node_modules/linux']);
});

test('a package that the lock file lacks is named with who needs it, unless it may be absent', () => {
  const peers = { peerDependencies: { helper: '1' }, peerDependenciesMeta: { helper: { optional: true } } };
  expect(installedClosure(locked({ 'apps/shop': peers }), 'apps/shop').packages).toEqual([]);
  const lock = locked({ 'apps/shop': { dependencies: { logger: '1' } } });
  expect(() => installedClosure(lock, 'apps/shop')).toThrow('lists no logger, which apps/shop needs');
  expect(() => installedClosure(lock, 'apps/none')).toThrow('does not list apps/none');
});

test('the command causeway needs DuckDB for this platform, and neither Express nor Pulumi', () => {
  const lock = readFileSync(resolve(import.meta.dirname, '../../../package-lock.json'), 'utf8');
  const { own, packages } = installedClosure(lock, 'apps/pipeline');
  expect(own).toEqual(expect.arrayContaining(['apps/pipeline', 'libs/training', 'libs/registry']));
  expect(packages).toContain('node_modules/@duckdb/node-bindings-linux-x64');
  expect(packages.filter((one) => /\/express$|pulumi|node-bindings-(?!linux-x64$)/.test(one))).toEqual([]);
});
