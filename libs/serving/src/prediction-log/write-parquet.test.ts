import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { createEventWriter } from './event-line.ts';
import { exampleEvent } from './fixtures/example-event.ts';
import { createFolder } from './fixtures/example-log.ts';
import { readRow } from './logged-row.ts';
import { writeParquet } from './write-parquet.ts';

/** Paths of files and folders that were put on the disk, with the entries that a folder had then. */
const synced = vi.hoisted(() => new Map<string, readonly string[]>());
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof import('node:fs')>();
  const paths = new Map<number, string>();
  const openSync: typeof fs.openSync = (path, ...rest) => {
    const descriptor = fs.openSync(path, ...rest);
    paths.set(descriptor, String(path));
    return descriptor;
  };
  const fsyncSync: typeof fs.fsyncSync = (descriptor) => {
    fs.fsyncSync(descriptor);
    const path = paths.get(descriptor) as string;
    synced.set(path, fs.statSync(path).isDirectory() ? fs.readdirSync(path) : []);
  };
  return { ...fs, openSync, fsyncSync };
});

test('a file is on the disk under its name, and so is every folder that was made for it', () => {
  const dir = createFolder();
  const { line } = createEventWriter({ source: '/inference/here', variant: 'blue' })(exampleEvent('a'), 0);
  const path = join(dir, 'predictions', 'example', '1970-01-01', 'name.parquet');
  writeParquet(path, [readRow(line.trim()).row]);
  expect(synced.get(join(dir, 'predictions', 'example', '1970-01-01'))).toEqual(['name.parquet']);
  expect(synced.get(join(dir, 'predictions', 'example'))).toEqual(['1970-01-01']);
  expect(synced.get(join(dir, 'predictions'))).toEqual(['example']);
  expect(synced.get(dir)).toEqual(['predictions']);
  expect(readdirSync(join(dir, 'predictions', 'example', '1970-01-01'))).toEqual(['name.parquet']);
});
