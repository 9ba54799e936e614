import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '@repo/contract/input-error';
import { defineSource } from '@repo/contract/source';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { ingest } from './ingest.ts';
import { readSnapshot } from './snapshot.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

let dir: string;
let digest: string;
beforeEach(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  dir = join(folder, 'stations');
  writeFileSync(join(folder, 'stations.jsonl'), '{"code":"A","trains":3}\n{"code":"B","trains":5}\n');
  const stations = defineSource({
    name: 'stations',
    about: 'Stations of a made-up line',
    owner: 'tests',
    licence: 'CC0-1.0',
    key: ['code'],
    eventTime: null,
    columns: { code: { type: 'text', about: 'Code' }, trains: { type: 'integer', about: 'Trains a day' } },
    raw: { stations: pathToFileURL(join(folder, 'stations.jsonl')) },
    sql: 'SELECT code, CAST(trains AS BIGINT) AS trains FROM stations',
    rules: [],
  });
  digest = (await ingest(stations, { outDir: dir })).digest;
});

const data = () => join(dir, 'data.parquet');
const manifest = () => join(dir, 'manifest.json');

async function received(): Promise<string> {
  const error = await readSnapshot(dir).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(InputError);
  return (error as InputError).message;
}

test('a snapshot reads back with the digest that ingest gave; without time there is no range', async () => {
  const snapshot = await readSnapshot(dir);
  expect(snapshot).toMatchObject({ digest, dataPath: data(), manifest: { rows: 2, eventTimeUs: null, notes: {} } });
});

test('a cut off data file is refused by its size', async () => {
  truncateSync(data(), 100);
  expect(await received()).toMatch(/data\.parquet: received 100 bytes; allowed: \d+ bytes/);
});

test('an edited data file of the same size is refused by its digest', async () => {
  const bytes = readFileSync(data());
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  writeFileSync(data(), bytes);
  expect(await received()).toMatch(/data\.parquet: received sha256/);
});

test('an appended data file and a missing one are refused', async () => {
  appendFileSync(data(), 'x');
  expect(await received()).toMatch(/data\.parquet: received \d+ bytes/);
  rmSync(data());
  expect(await received()).toMatch(/data\.parquet: received no such file/);
});

test('a manifest that is missing, not JSON, of another form or that names other files is refused', async () => {
  const text = readFileSync(manifest(), 'utf8');
  writeFileSync(manifest(), text.replace('data.parquet', '../secret'));
  expect(await received()).toMatch(/manifest\.json: received .*secret/);
  writeFileSync(manifest(), text.replace('"rows":2', '"rows":-2'));
  expect(await received()).toMatch(/manifest\.json\.rows: received -2/);
  writeFileSync(manifest(), text.slice(0, 40));
  expect(await received()).toMatch(/manifest\.json: received text that is not JSON/);
  rmSync(manifest());
  expect(await received()).toMatch(/manifest\.json: received no such file/);
});
