import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ServiceError } from '@repo/contract/service-error';
import { expect, onTestFinished, test, vi } from 'vitest';
import { exampleEvent } from './fixtures/example-event.ts';
import { createFolder, openExampleLog } from './fixtures/example-log.ts';
import { filesOf, readIds, readLines } from './fixtures/read-log.ts';
import { createNoLog } from './no-log.ts';

const ids = (count: number): string[] => Array.from({ length: count }, (_, i) => `r${String(i).padStart(4, '0')}`);

test('every event is a line, in order, and counted', async () => {
  const log = openExampleLog();
  for (const id of ids(500)) expect(log.append(exampleEvent(id))).toBeUndefined();
  await log.close();
  expect(readLines(log.dir).map(({ id }) => id)).toEqual(ids(500));
  expect(log.counts).toEqual({ written: 500 });
  expect(log.warnings).toEqual([]);
});

test('a log that nothing was written to leaves nothing', async () => {
  const log = openExampleLog();
  await log.close();
  expect(filesOf(log.dir, '')).toEqual([]);
});

test('closing leaves closed segments and no owner', async () => {
  const log = openExampleLog();
  expect(log.append(exampleEvent('a'))).toBeUndefined();
  await log.close();
  expect(filesOf(log.dir, '')).toEqual([expect.stringMatching(/^\d{8}T\d{9}Z-[0-9a-f]{12}-000001\.jsonl$/)]);
});

test('an event is acknowledged by a durable log when a reader finds it', async () => {
  const log = openExampleLog({ durable: true });
  await Promise.all(
    ids(50).map(async (id) => {
      await log.append(exampleEvent(id));
      expect(readLines(log.dir).map((line) => line.id)).toContain(id);
    }),
  );
  await log.close();
});

test('a segment of the size limit is closed and compacted, and nothing is lost or doubled on the way', async () => {
  const log = openExampleLog({ segmentBytes: 10_000, durable: true });
  for (const id of ids(100)) await log.append(exampleEvent(id));
  // Some 500 bytes each.
  await expect.poll(() => filesOf(log.dir, '.parquet').length, { timeout: 90_000 }).toBeGreaterThan(3);
  await log.close();
  expect(await readIds(log.dir)).toEqual(ids(100));
}, 120_000);

test('a segment of the age limit is closed', async () => {
  const log = openExampleLog({ segmentMs: 0, durable: true });
  await log.append(exampleEvent('a'));
  await log.append(exampleEvent('b'));
  await log.close();
  expect(await readIds(log.dir)).toEqual(['a', 'b']);
  expect([...filesOf(log.dir, '.jsonl'), ...filesOf(log.dir, '.parquet')]).toHaveLength(2);
});

test('a segment of the age limit is closed, also when nothing more comes', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const log = openExampleLog({ durable: true });
  await log.append(exampleEvent('a'));
  vi.advanceTimersByTime(280_000);
  await log.append(exampleEvent('b'));
  expect(filesOf(log.dir, '.open.jsonl')).toHaveLength(1);
  vi.advanceTimersByTime(30_000);
  await expect.poll(() => filesOf(log.dir, '.parquet'), { timeout: 90_000 }).toHaveLength(1);
  await log.close();
  expect(await readIds(log.dir)).toEqual(['a', 'b']);
}, 120_000);

test('two logs share a folder', async () => {
  const dir = createFolder();
  const logs = [openExampleLog({ dir, segmentBytes: 2000 }), openExampleLog({ dir, segmentBytes: 2000 })];
  for (const id of ids(50)) for (const [i, log] of logs.entries()) void log.append(exampleEvent(`${id}-${i}`));
  await Promise.all(logs.map((log) => log.close()));
  expect(await readIds(dir)).toEqual(ids(50).flatMap((id) => [`${id}-0`, `${id}-1`]));
});

test('while the folder cannot be written, events are counted as failed and it is said once; then it goes on', async () => {
  const dir = join(createFolder(), 'log');
  writeFileSync(dir, 'a file where the folder should be');
  const log = openExampleLog({ dir, durable: true });
  for (const id of ['a', 'b']) await expect(log.append(exampleEvent(id))).rejects.toThrow(ServiceError);
  expect(log.counts).toEqual({ failed: 2 });
  expect(log.warnings).toEqual([expect.stringContaining('cannot be written')]);
  rmSync(dir);
  await log.append(exampleEvent('c'));
  expect(log.counts).toEqual({ failed: 2, written: 1 });
  expect(log.warnings.slice(1)).toEqual([expect.stringContaining('can be written again')]);
  await log.close();
  expect(await readIds(dir)).toEqual(['c']);
});

test('a folder that cannot be made, as below /proc, is a failure and not tried forever', async () => {
  const log = openExampleLog({ dir: '/proc/causeway/log', durable: true });
  await expect(log.append(exampleEvent('a'))).rejects.toThrow(ServiceError);
  await log.close();
});

test('what a durable log cannot keep is answered with 503', async () => {
  const log = openExampleLog({ durable: true, maxQueueEvents: 1 });
  const first = log.append(exampleEvent('a'));
  await expect(log.append(exampleEvent('b'))).rejects.toMatchObject({ code: 'no_answer', status: 503 });
  await first;
  await log.close();
  await expect(log.append(exampleEvent('c'))).rejects.toMatchObject({ code: 'no_answer' });
  expect(log.counts).toEqual({ written: 1, dropped_queue: 1, failed: 1 });
});

test('a log that is full or closed drops, counts and throws nothing', async () => {
  const log = openExampleLog({ maxQueueEvents: 1 });
  for (const id of ['a', 'b', 'c']) expect(log.append(exampleEvent(id))).toBeUndefined();
  await log.close();
  await log.close();
  expect(log.append(exampleEvent('d'))).toBeUndefined();
  expect(log.counts).toEqual({ written: 1, dropped_queue: 2, failed: 1 });
});

test('on a disk that is full in the middle of an event, no torn line stays and the next events are written', async () => {
  const dir = createFolder();
  // Files may grow to 16 KiB here; what does not fit is cut off by the kernel as on a full disk.
  const fixture = fileURLToPath(new URL('./fixtures/fill-disk.ts', import.meta.url));
  const script = `trap '' XFSZ; ulimit -f 16; exec "$0" "$1" "$2"`;
  const { status, stdout } = spawnSync('bash', ['-c', script, process.execPath, fixture, dir], { encoding: 'utf8' });
  expect(status).toBe(0);
  const { counts, acknowledged } = JSON.parse(stdout);
  expect(counts.failed).toBeGreaterThan(0);
  expect(acknowledged.length).toBe(counts.written);
  expect(acknowledged).toContain('last');
  expect(await readIds(dir)).toEqual(acknowledged.sort());
  // What a file holds after a failure is uncertain: each of the two was the last of its segment.
  expect([...filesOf(dir, '.jsonl'), ...filesOf(dir, '.parquet')]).toHaveLength(3);
});

test('no log remembers nothing', async () => {
  const log = createNoLog();
  expect(log.append(exampleEvent('a'))).toBeUndefined();
  await log.close();
});
