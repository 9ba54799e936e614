import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFolder } from './replace-folder.ts';

let top: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'replace-'));
});
afterEach(() => rmSync(top, { recursive: true }));

test('a folder is replaced as a whole, whatever a killed process left beside it', async () => {
  const folder = join(top, 'stage');
  for (const left of [folder, `${folder}.part`]) {
    mkdirSync(left);
    writeFileSync(join(left, 'old'), '');
  }
  expect(await replaceFolder(folder, async (part) => writeFileSync(join(part, 'new'), '') ?? 7)).toBe(7);
  expect(readdirSync(top)).toEqual(['stage']);
  expect(readdirSync(folder)).toEqual(['new']);
});

test('when filling it fails the former folder still stands and nothing else is left', async () => {
  const folder = join(top, 'stage');
  mkdirSync(folder);
  writeFileSync(join(folder, 'old'), 'content');
  const fails = replaceFolder(folder, async (part) => {
    writeFileSync(join(part, 'half'), '');
    throw new RangeError('no');
  });
  await expect(fails).rejects.toThrow(RangeError);
  expect(readdirSync(top)).toEqual(['stage']);
  expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('content');
});
