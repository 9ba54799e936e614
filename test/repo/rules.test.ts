import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readFixture, workspaceOf } from './fixture.ts';
import { rules } from './rules.ts';
import { readWorkspace } from './workspace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');

/** Verbs as the command itself lists them, one indented line each. */
function verbs(): string[] {
  const help = execFileSync(process.execPath, ['apps/pipeline/src/main.ts', '--help'], { cwd: root, encoding: 'utf8' });
  return [...help.matchAll(/^ {2}([a-z]+)(?= |$)/gm)].map((match) => match[1] as string);
}

describe('this workspace', () => {
  const workspace = readWorkspace(root, verbs(), [root, homedir()]);
  test.each(rules)('keeps $name', ({ check }) => {
    expect(check(workspace)).toEqual([]);
  });
});

const fixtures = readdirSync(new URL('./fixtures', import.meta.url)).map((file) => file.replace(/\.txt$/, ''));
const clean = readFixture('clean');

test('the clean fixture keeps every rule', () => {
  expect(rules.flatMap(({ check }) => check(workspaceOf(clean)))).toEqual([]);
});

test.each(fixtures.filter((name) => name !== 'clean'))('fixture %s breaks its rule and no other', (fixture) => {
  const workspace = workspaceOf({ ...clean, ...readFixture(fixture) });
  const broken = rules.filter(({ check }) => check(workspace).length > 0).map(({ name }) => name);
  expect(broken).toEqual([fixture.split('.')[0]]);
});

test('every rule has a fixture that breaks it', () => {
  const broken = new Set(fixtures.map((name) => name.split('.')[0]));
  expect(rules.map(({ name }) => name).filter((name) => !broken.has(name))).toEqual([]);
});
