import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { BatchStream } from './batch-stream.ts';
import { followFolder } from './follow-folder.ts';

let folder: string;
let stream: BatchStream;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'follow-'));
  stream = followFolder({ folder, stillMs: 20 });
});
afterEach(async () => {
  await stream.close();
  rmSync(folder, { recursive: true });
});

const put = (name: string, text = 'id\n1\n') => writeFileSync(join(folder, name), text);
const nextName = async () => (await stream.next())?.name;

test('files are handed out once, in the order of their names, and those that come later as they come', async () => {
  for (const name of ['b.csv', 'a.jsonl', 'notes.txt', '.c.csv']) put(name);
  expect([await nextName(), await nextName()]).toEqual(['a.jsonl', 'b.csv']);
  const later = nextName();
  put('.d.parquet');
  renameSync(join(folder, '.d.parquet'), join(folder, 'd.parquet'));
  expect(await later).toBe('d.parquet');
});

test('a file is not taken before it stood still for as long as was asked', async () => {
  const patient = followFolder({ folder, stillMs: 100_000 });
  put('a.csv');
  const taken = patient.next().then((batch) => batch?.name ?? 'nothing');
  for (let write = 0; write < 5; write++) {
    appendFileSync(join(folder, 'a.csv'), `${write}\n`);
    // The same folder, looked through by one that is in a hurry: by then the other has looked too.
    await stream.next();
  }
  expect(await Promise.race([taken, Promise.resolve('not yet')])).toBe('not yet');
  await patient.close();
  expect(await taken).toBe('nothing');
});

test('a file that changed is a batch again', async () => {
  put('a.csv');
  expect(await nextName()).toBe('a.csv');
  appendFileSync(join(folder, 'a.csv'), '2\n');
  expect(await nextName()).toBe('a.csv');
});

test('closing ends the wait for the next file', async () => {
  const waiting = stream.next();
  await stream.close();
  expect(await waiting).toBeNull();
});

test('there must be a folder', () => {
  expect(() => followFolder({ folder: join(folder, 'none') })).toThrow(InputError);
});
