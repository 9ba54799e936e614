import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { expect, test } from 'vitest';
import { createFolder } from './fixtures/temporary-folder.ts';
import { createFolderStore } from './folder-store.ts';
import { reportingState } from './state-error.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

test('an object is created once and never changed', async () => {
  const root = createFolder();
  const store = createFolderStore(root);
  expect(await store.get('a/b.json')).toBeNull();
  expect(await store.putIfAbsent('a/b.json', bytes('first'))).toBe(true);
  expect(await store.putIfAbsent('a/b.json', bytes('second'))).toBe(false);
  expect(Buffer.from((await store.get('a/b.json')) ?? []).toString()).toBe('first');
  expect(await store.list('a')).toEqual(['b.json']);
  expect(await store.list('c')).toEqual([]);
  expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test('of 100 concurrent creations of one object exactly one succeeds, and its content stays', async () => {
  const root = createFolder();
  const store = createFolderStore(root);
  const won = await Promise.all(Array.from({ length: 100 }, (_, i) => store.putIfAbsent('x', bytes(String(i)))));
  expect(won.filter(Boolean)).toHaveLength(1);
  expect(Buffer.from((await store.get('x')) ?? []).toString()).toBe(String(won.indexOf(true)));
  expect(await readdir(join(root, 'tmp'))).toEqual([]);
});

test.each(['', '/', '/etc', '..', 'a/..', 'a/../b', 'a//b', 'a/', 'A', '.x', 'a\\b', 'a\0'])(
  'key %j is refused',
  async (key) => {
    const store = createFolderStore(createFolder());
    await expect(store.get(key)).rejects.toThrow(RangeError);
    await expect(store.putIfAbsent(key, bytes(''))).rejects.toThrow(RangeError);
    await expect(store.list(key)).rejects.toThrow(RangeError);
  },
);

test.each(['EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'ENOENT'])(
  '%s from the operating system becomes an input error that says what to do',
  async (code) => {
    const refuse = () => Promise.reject(Object.assign(new Error('no'), { code }));
    await expect(reportingState('/state', refuse)).rejects.toThrow(InputError);
    await expect(reportingState('/state', refuse)).rejects.toThrow(`CAUSEWAY_STATE: received /state (${code})`);
  },
);

test('an error that is not about the state folder stays what it is', async () => {
  const refuse = () => Promise.reject(Object.assign(new Error('too many open files'), { code: 'EMFILE' }));
  await expect(reportingState('/state', refuse)).rejects.not.toThrow(InputError);
});
