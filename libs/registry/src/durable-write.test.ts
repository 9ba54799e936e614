import { type FileHandle, mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { replaceFile } from './durable-write.ts';
import { createFolder } from './fixtures/temporary-folder.ts';

/** Calls `onSync` whenever a file or folder is put on the disk. */
async function watchSyncs(dir: string, onSync: () => Promise<void>): Promise<void> {
  await using handle = await open(dir, 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  const { sync } = prototype;
  const spy = vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
    await sync.call(this);
    await onSync();
  });
  onTestFinished(() => spy.mockRestore());
}

test('a file is replaced whole: the new content is on the disk before it has the name, and the name before it is done', async () => {
  const dir = createFolder();
  const path = join(dir, 'file');
  await writeFile(path, 'old');
  const seen: string[] = [];
  await watchSyncs(dir, async () => {
    seen.push(await readFile(path, 'utf8'));
  });
  await replaceFile(path, Buffer.from('new'));
  expect(seen).toEqual(['old', 'new']);
  expect(await readdir(dir)).toEqual(['file']);
});

test('where there was no file there is one, and where it cannot be replaced nothing is left behind', async () => {
  const dir = createFolder();
  await replaceFile(join(dir, 'file'), Buffer.from('new'));
  expect(await readFile(join(dir, 'file'), 'utf8')).toBe('new');
  await mkdir(join(dir, 'folder', 'full'), { recursive: true });
  await expect(replaceFile(join(dir, 'folder'), Buffer.from('new'))).rejects.toThrow(/EISDIR|ENOTEMPTY/);
  await expect(replaceFile(join(dir, 'nowhere', 'file'), Buffer.from('new'))).rejects.toThrow(/ENOENT/);
  expect((await readdir(dir)).sort()).toEqual(['file', 'folder']);
});
