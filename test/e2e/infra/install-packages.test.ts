import { expect, test } from 'vitest';
import { installCommand } from './install-packages.ts';

test('packages are installed by their names alone, without what they only recommend', () => {
  expect(installCommand(['prometheus', 'g++']).join(' ')).toBe(
    'sudo apt-get install -y -qq --no-install-recommends prometheus g++',
  );
});

test.each([[[]], [['prometheus', '--allow-downgrades']], [['a b']]])('%j names no package', (packages) => {
  expect(() => installCommand(packages)).toThrow(/^package: received .*; allowed: names of packages/);
});
