import fs, { readdirSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createEventWriter } from './event-line.ts';
import { exampleEvent } from './fixtures/example-event.ts';
import { createFolder } from './fixtures/example-log.ts';
import { readRow } from './logged-row.ts';
import { writeParquet } from './write-parquet.ts';

/**
 * Paths of files and folders that are put on the disk from now on, with the entries that a folder had then. Not by a mock of the module, which would
 * stay behind for the files that this process runs next.
 */
function watchDisk(): Map<string, readonly string[]> {
  const { openSync, fsyncSync } = fs;
  const paths = new Map<number, string>();
  const synced = new Map<string, readonly string[]>();
  fs.openSync = (path, ...rest) => {
    const descriptor = openSync(path, ...rest);
    paths.set(descriptor, String(path));
    return descriptor;
  };
  fs.fsyncSync = (descriptor) => {
    fsyncSync(descriptor);
    const path = paths.get(descriptor) as string;
    synced.set(path, fs.statSync(path).isDirectory() ? fs.readdirSync(path) : []);
  };
  syncBuiltinESMExports();
  onTestFinished(() => {
    Object.assign(fs, { openSync, fsyncSync });
    syncBuiltinESMExports();
  });
  return synced;
}

test('a file is on the disk under its name, and so is every folder that was made for it', () => {
  const dir = createFolder();
  const { line } = createEventWriter({ source: '/inference/here', variant: 'blue' })(exampleEvent('a'), 0);
  const path = join(dir, 'predictions', 'example', '1970-01-01', 'name.parquet');
  const synced = watchDisk();
  writeParquet(path, [readRow(line.trim()).row]);
  expect(synced.get(join(dir, 'predictions', 'example', '1970-01-01'))).toEqual(['name.parquet']);
  expect(synced.get(join(dir, 'predictions', 'example'))).toEqual(['1970-01-01']);
  expect(synced.get(join(dir, 'predictions'))).toEqual(['example']);
  expect(synced.get(dir)).toEqual(['predictions']);
  expect(readdirSync(join(dir, 'predictions', 'example', '1970-01-01'))).toEqual(['name.parquet']);
});
