import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Uploads } from '@repo/registry/open-uploads';
import { expect, test } from 'vitest';
import { createFolder } from './fixtures/example-log.ts';
import { filesOf } from './fixtures/read-log.ts';
import { uploadCompacted } from './upload-compacted.ts';

const names = ['20131224T160000000Z-1f2e3d4c5b6a-000001', '20131224T160500000Z-1f2e3d4c5b6a-000002'] as const;

function folderWith(...files: string[]): string {
  const dir = createFolder();
  for (const file of files) {
    const path = join(dir, 'predictions', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, file);
  }
  return dir;
}

/** Takes everything, and remembers it in the order in which it came. */
function takingStore(taken: [string, string][] = []): Uploads {
  return {
    putIfAbsent: async (key, content) => {
      if (taken.some(([known]) => known === key)) return false;
      taken.push([key, Buffer.from(content).toString()]);
      return true;
    },
  };
}
const never = () => false;

test('compacted files are brought, the oldest first, and are gone here afterwards', async () => {
  const files = [`a/2013-12-24/${names[1]}.parquet`, `b/2013-12-24/${names[0]}.parquet`];
  const dir = folderWith(...files);
  const taken: [string, string][] = [];
  expect(await uploadCompacted({ dir, uploads: takingStore(taken), stopped: never })).toEqual({
    files: 2,
    failure: null,
  });
  expect(taken).toEqual([
    [files[1]?.toLowerCase(), files[1]],
    [files[0]?.toLowerCase(), files[0]],
  ]);
  expect(filesOf(dir, '.parquet')).toEqual([]);
});

test('what is there already, of a process that was killed before it removed its own, counts as brought', async () => {
  const file = `a/2013-12-24/${names[0]}.parquet`;
  const dir = folderWith(file);
  const taken: [string, string][] = [[file.toLowerCase(), 'of before']];
  const round = await uploadCompacted({ dir, uploads: takingStore(taken), stopped: never });
  expect(round).toEqual({ files: 1, failure: null });
  expect(taken).toEqual([[file.toLowerCase(), 'of before']]);
  expect(filesOf(dir, '.parquet')).toEqual([]);
});

test('the first failure ends the round, and what was not brought stays', async () => {
  const dir = folderWith(`a/2013-12-24/${names[0]}.parquet`, `a/2013-12-24/${names[1]}.parquet`);
  let asked = 0;
  const uploads: Uploads = {
    putIfAbsent: async () => {
      asked += 1;
      throw new Error('the server is away');
    },
  };
  expect(await uploadCompacted({ dir, uploads, stopped: never })).toEqual({ files: 0, failure: 'the server is away' });
  expect(asked).toBe(1);
  expect(filesOf(dir, '.parquet')).toHaveLength(2);
});

test('a file that another process has brought meanwhile is none of ours', async () => {
  const [first, second] = names.map((name) => `a/2013-12-24/${name}.parquet`) as [string, string];
  const dir = folderWith(first, second);
  const taken: [string, string][] = [];
  const store = takingStore(taken);
  const uploads: Uploads = {
    putIfAbsent: async (key, content) => {
      rmSync(join(dir, 'predictions', second));
      return store.putIfAbsent(key, content);
    },
  };
  expect(await uploadCompacted({ dir, uploads, stopped: never })).toEqual({ files: 1, failure: null });
  expect(taken.map(([key]) => key)).toEqual([first.toLowerCase()]);
});

test('a round that is told to stop leaves the rest, and a folder without predictions has none', async () => {
  const dir = folderWith(`a/2013-12-24/${names[0]}.parquet`);
  const round = await uploadCompacted({ dir, uploads: takingStore(), stopped: () => true });
  expect(round).toEqual({ files: 0, failure: null });
  expect(filesOf(dir, '.parquet')).toHaveLength(1);
  const empty = await uploadCompacted({ dir: createFolder(), uploads: takingStore(), stopped: never });
  expect(empty).toEqual({ files: 0, failure: null });
});
