import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { gateLimits } from './gate-limit.ts';
import { gateNames } from './gate-name.ts';

const page = readFileSync(new URL('../../../docs/gates.md', import.meta.url), 'utf8');
const rowsAfter = (head: string): string[] => {
  const [, table = ''] = page.split(`${head}\n`);
  const lines = table.split('\n').slice(1);
  return lines.slice(
    0,
    lines.findIndex((line) => !line.startsWith('|')),
  );
};

test('docs/gates.md and the limits hold the same rows', () => {
  const expected = Object.entries(gateLimits).map(([name, { gate, good, at, unit, about }]) => {
    const value = unit === '' ? String(at) : `${at} ${unit}`;
    return `| \`${name}\` | ${gate} | ${good} | ${value} | ${about} |`;
  });
  expect(rowsAfter('| limit | gate | good | default | of what |')).toEqual(expected);
});

test('docs/gates.md tells of every gate, in the order of the report', () => {
  const told = rowsAfter('| gate | asks | by |').map((row) => /^\| `([\w-]+)` \|/.exec(row)?.[1]);
  expect(told).toEqual([...gateNames]);
});
