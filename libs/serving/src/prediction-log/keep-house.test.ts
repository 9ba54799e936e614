import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEventWriter } from './event-line.ts';
import { exampleEvent } from './fixtures/example-event.ts';
import { createFolder } from './fixtures/example-log.ts';
import { filesOf, readIds, readLines, readParquet } from './fixtures/read-log.ts';
import { type HouseOptions, keepHouse } from './keep-house.ts';
import { becomeOwner } from './owner.ts';
import { thisProcess } from './process-identity.ts';
import { newSegmentName } from './segment-name.ts';

const atMs = Date.UTC(2013, 11, 24, 16, 0, 0, 7);
const write = createEventWriter({ source: '/inference/here', variant: 'blue', podHash: '5c9d' });
const stranger = '0123456789ab';

/** Writes a segment of these events. Returns its path. */
function writeSegment(
  dir: string,
  ids: readonly string[],
  { owner = stranger, end = '.jsonl', at = atMs } = {},
): string {
  const path = join(dir, `${newSegmentName(at, owner, 1)}${end}`);
  writeFileSync(path, ids.map((id) => write(exampleEvent(id), at).line).join(''));
  return path;
}

function keep(dir: string, different: Partial<HouseOptions> = {}): string[] {
  const warnings: string[] = [];
  const warn = (message: string): void => void warnings.push(message);
  keepHouse({ dir, owner: null, maxDiskBytes: 2 ** 30, warn, stopped: () => false, ...different });
  return warnings;
}

const listOwner = (dir: string, identity: object, owner = stranger): string => {
  const path = join(dir, `${owner}.owner`);
  writeFileSync(path, JSON.stringify(identity));
  return path;
};

test('a closed segment becomes a Parquet file for each model and day', async () => {
  const dir = createFolder();
  const path = writeSegment(dir, ['a', 'b']);
  appendFileSync(path, write(exampleEvent('c', { model: 'other/one' }), atMs).line);
  appendFileSync(path, write(exampleEvent('d'), atMs + 86_400_000).line);
  expect(keep(dir)).toEqual([]);
  const name = newSegmentName(atMs, stranger, 1);
  expect(filesOf(dir, '.parquet')).toEqual([
    `predictions/example/2013-12-24/${name}.parquet`,
    `predictions/example/2013-12-25/${name}.parquet`,
    `predictions/other%2Fone/2013-12-24/${name}.parquet`,
  ]);
  expect(filesOf(dir, '.jsonl')).toEqual([]);
  expect(await readIds(dir)).toEqual(['a', 'b', 'c', 'd']);
});

test('a row holds all that its event did', async () => {
  const dir = createFolder();
  const tensors = { inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], data: [0.5] }], outputs: [] };
  const infer = exampleEvent('b', { kind: 'infer', traceparent: '00-ab-cd-01', data: () => tensors });
  const exposure = { experiment: 'trees', variant: 'version-4', propensity: 0.5 };
  const number = exampleEvent('c', { level: 'prior', exposure, data: () => ({ answer: { prediction: -1.5 } }) });
  appendFileSync(writeSegment(dir, ['a']), write(infer, atMs).line + write(number, atMs).line);
  keep(dir);
  const rows = await readParquet(join(dir, filesOf(dir, '.parquet')[0] ?? ''));
  const common = {
    time: new Date(atMs),
    model: 'example',
    version: '3',
    digest: 'sha256:0123',
    variant: 'blue',
    podhash: '5c9d',
    propensity: 1,
  };
  const none = {
    experiment: null,
    traceparent: null,
    probability: null,
    prediction: null,
    decision: null,
    request: null,
    features: null,
  };
  const predicted = { ...common, ...none, level: 'champion', kind: 'predict' };
  expect(rows).toEqual([
    {
      ...predicted,
      id: 'a',
      probability: 0.25,
      decision: false,
      request: '{"carrier":"AA"}',
      features: '[{"name":"carrier_temp","value":null,"status":"missing"}]',
      data: '{"threshold":0.5}',
    },
    { ...predicted, id: 'b', kind: 'infer', traceparent: '00-ab-cd-01', data: JSON.stringify(tensors) },
    {
      ...predicted,
      id: 'c',
      level: 'prior',
      prediction: -1.5,
      data: '{}',
      variant: 'version-4',
      propensity: 0.5,
      experiment: 'trees',
    },
  ]);
});

test('a torn tail is cut off, kept apart and said; the lines before it stay', async () => {
  const dir = createFolder();
  const path = writeSegment(dir, ['a', 'b'], { end: '.open.jsonl' });
  appendFileSync(path, '{"id":"torn');
  expect(keep(dir)).toEqual([expect.stringContaining('11 bytes')]);
  expect(await readIds(dir)).toEqual(['a', 'b']);
  expect(filesOf(dir, '.torn').map((file) => readFileSync(join(dir, file), 'utf8'))).toEqual(['{"id":"torn']);
});

test('a damaged line in the middle is put aside and the others are kept', async () => {
  const dir = createFolder();
  const path = writeSegment(dir, ['a']);
  appendFileSync(path, `\0\0\0\n${write(exampleEvent('b'), atMs).line}`);
  expect(keep(dir)).toEqual([expect.stringContaining('1 damaged')]);
  expect(await readIds(dir)).toEqual(['a', 'b']);
  expect(filesOf(dir, '.torn').map((file) => readFileSync(join(dir, file), 'utf8'))).toEqual(['\0\0\0\n']);
});

test('a compaction that was killed before it removed the segment is done again without double rows', async () => {
  const dir = createFolder();
  const path = writeSegment(dir, ['a', 'b']);
  const copy = join(createFolder(), 'copy');
  copyFileSync(path, copy);
  keep(dir);
  copyFileSync(copy, path);
  keep(dir);
  expect(await readIds(dir)).toEqual(['a', 'b']);
  expect(existsSync(path)).toBe(false);
});

test('segments of a process that runs are left alone, open or closed; its own closed ones it compacts', async () => {
  const dir = createFolder();
  const { name: owner } = await becomeOwner(dir);
  const open = writeSegment(dir, ['a'], { owner, end: '.open.jsonl' });
  appendFileSync(open, 'not torn: being written');
  const closed = writeSegment(dir, ['b'], { owner, at: atMs + 1 });
  keep(dir);
  expect(existsSync(closed)).toBe(true);
  keep(dir, { owner });
  expect(readLines(dir).map(({ id }) => id)).toEqual(['a']);
  expect(existsSync(closed)).toBe(false);
  expect(readFileSync(open, 'utf8')).toContain('not torn: being written');
});

test('segments of a process that is gone are taken, and its name is struck off', async () => {
  const dir = createFolder();
  const here = thisProcess();
  for (const [i, gone] of [
    { ...here, pid: 2 ** 22 + 1 },
    { ...here, started: '1' },
  ].entries()) {
    const owner = `00000000000${i}`;
    listOwner(dir, gone, owner);
    writeSegment(dir, [`r${i}`], { owner, end: '.open.jsonl' });
  }
  keep(dir);
  expect(filesOf(dir, '.jsonl')).toEqual([]);
  expect(filesOf(dir, '.owner')).toEqual([]);
  expect(await readIds(dir)).toEqual(['r0', 'r1']);
});

test('a process of another container counts as gone only after two minutes of silence', () => {
  const dir = createFolder();
  const path = writeSegment(dir, ['a'], { end: '.open.jsonl' });
  const owner = listOwner(dir, { ...thisProcess(), namespace: 'another boot' });
  const silentFor = (seconds: number): void => {
    const at = statSync(owner).mtimeMs / 1000 - seconds;
    utimesSync(owner, at, at);
  };
  silentFor(100);
  keep(dir);
  expect(existsSync(path)).toBe(true);
  silentFor(25);
  keep(dir);
  expect(existsSync(path)).toBe(false);
});

test('an owner whose file is not written to the end yet is left alone, unless it stays so', () => {
  const dir = createFolder();
  const path = writeSegment(dir, ['a'], { end: '.open.jsonl' });
  const owner = join(dir, `${stranger}.owner`);
  writeFileSync(owner, '');
  keep(dir);
  expect(existsSync(path)).toBe(true);
  utimesSync(owner, 0, 0);
  keep(dir);
  expect(filesOf(dir, '.jsonl')).toEqual([]);
  expect(filesOf(dir, '.owner')).toEqual([]);
});

test('a process that others took for gone learns it', async () => {
  const dir = createFolder();
  const owner = await becomeOwner(dir);
  expect(await owner.beat()).toBe(true);
  await owner.release();
  expect(await owner.beat()).toBe(false);
});

test('beyond the byte limit the oldest files go, whatever their model; open segments stay', async () => {
  const dir = createFolder();
  const days = [3, 1, 2].map((day) => day * 86_400_000);
  for (const at of days) writeSegment(dir, [`day${at / 86_400_000}`], { at });
  keep(dir);
  const open = writeSegment(dir, ['open'], { at: 0, owner: (await becomeOwner(dir)).name, end: '.open.jsonl' });
  const bytes = filesOf(dir, '.parquet').map((file) => statSync(join(dir, file)).size);
  const total = bytes.reduce((sum, size) => sum + size, 0);
  expect(keep(dir, { maxDiskBytes: total })).toEqual([]);
  expect(keep(dir, { maxDiskBytes: total - 1 })).toEqual([expect.stringContaining('oldest 1 files')]);
  expect(await readIds(dir)).toEqual(['day2', 'day3', 'open']);
  expect(existsSync(open)).toBe(true);
});

test('a segment that cannot be compacted keeps no other from it and stays', async () => {
  const dir = createFolder();
  const bad = writeSegment(dir, ['a']);
  writeSegment(dir, ['b'], { at: atMs + 86_400_000 });
  // A file where the folder of its day should be.
  mkdirSync(join(dir, 'predictions', 'example'), { recursive: true });
  writeFileSync(join(dir, 'predictions', 'example', '2013-12-24'), '');
  expect(keep(dir)).toHaveLength(1);
  expect(existsSync(bad)).toBe(true);
  expect(filesOf(dir, '.parquet')).toHaveLength(1);
  expect(await readIds(dir)).toEqual(['a', 'b']);
});

test('a Parquet file that cannot be finished, as on a full disk, leaves nothing of itself', () => {
  const dir = createFolder();
  const bad = writeSegment(dir, ['a']);
  // A folder where the file should be.
  const day = join(dir, 'predictions', 'example', '2013-12-24');
  mkdirSync(join(day, `${newSegmentName(atMs, stranger, 1)}.parquet`), { recursive: true });
  expect(keep(dir)).toHaveLength(1);
  expect(existsSync(bad)).toBe(true);
  expect(filesOf(dir, '.tmp')).toEqual([]);
});

test('asked to stop, it finishes the segment at hand and begins no other', async () => {
  const dir = createFolder();
  for (const at of [atMs, atMs + 1, atMs + 2]) writeSegment(dir, [`${at}`], { at });
  let asked = 0;
  keep(dir, {
    stopped: () => {
      asked += 1;
      return asked > 4;
    },
  });
  expect(filesOf(dir, '.parquet')).toHaveLength(1);
  expect(filesOf(dir, '.jsonl')).toHaveLength(2);
  expect(await readIds(dir)).toHaveLength(3);
});
