import { existsSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createFolder } from './fixtures/example-log.ts';
import { filesOf } from './fixtures/read-log.ts';
import { createSegmentWriter } from './segment-writer.ts';

const line = (text: string): Uint8Array[] => [Buffer.from(`${text}\n`)];

function createWriter(dir: string, closed: (owner: string) => void = () => undefined) {
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  return createSegmentWriter({ dir, durable: false, segmentBytes: 1000, segmentMs: 1e9, closed });
}

test('a process whose segment was taken by others after a long pause begins another one', async () => {
  const dir = createFolder();
  const writer = createWriter(dir);
  await writer.write(line('before'));
  // As others do with what a process that is gone left.
  const [taken = ''] = filesOf(dir, '.open.jsonl').map((file) => join(dir, file));
  renameSync(taken, taken.replace('.open', ''));
  for (const file of filesOf(dir, '.owner')) rmSync(join(dir, file));
  vi.advanceTimersByTime(31_000);
  await writer.write(line('after'));
  await writer.close();
  const texts = filesOf(dir, '.jsonl').map((file) => readFileSync(join(dir, file), 'utf8'));
  expect(texts.sort()).toEqual(['after\n', 'before\n']);
  expect(existsSync(taken)).toBe(false);
});

test('a process says that it lives, also when it writes nothing', async () => {
  const dir = createFolder();
  const writer = createWriter(dir);
  await writer.write(line('a'));
  const [owner = ''] = filesOf(dir, '.owner').map((file) => join(dir, file));
  utimesSync(owner, 0, 0);
  await writer.tick();
  expect(statSync(owner).mtimeMs).toBe(0);
  vi.advanceTimersByTime(31_000);
  await writer.tick();
  expect(statSync(owner).mtimeMs).toBeGreaterThan(0);
  await writer.close();
});

test('a segment that holds nothing, since the disk took nothing, leaves no file and no work behind', async () => {
  const dir = createFolder();
  const closed = vi.fn();
  const writer = createWriter(dir, closed);
  for (let i = 0; i < 3; i++) await expect(writer.write(['no bytes' as unknown as Uint8Array])).rejects.toThrow();
  expect(filesOf(dir, '.jsonl')).toEqual([]);
  expect(closed).not.toHaveBeenCalled();
  await writer.write(line('a'));
  await writer.close();
  expect(filesOf(dir, '.jsonl')).toHaveLength(1);
  expect(closed).toHaveBeenCalledTimes(1);
});
