import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseInstant } from '@repo/contract/instant';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../database.ts';
import { createExampleLake, type ExampleLake, ride } from './fixtures/example-lake.ts';
import type { Lake } from './open-lake.ts';
import { UnreadableBatch } from './unreadable-batch.ts';

const nowUs = parseInstant('2024-03-02T00:00:00Z', 'now');
const header = 'id,zone,start,end,fare';
const line = 'r1,north,2024-03-01 08:00:00,2024-03-01 08:20:00,12';

let example: ExampleLake;
let lake: Lake;
let parquet: Buffer;
beforeAll(async () => {
  example = await createExampleLake();
  lake = example.open();
  const path = join(example.folder, 'good.parquet');
  const database = await openDatabase();
  await database.run(
    `COPY (SELECT 'p' || i AS id, 'north' AS zone, TIMESTAMP '2024-03-01 08:00:00' AS start, NULL::TIMESTAMP AS "end",
       NULL::DOUBLE AS fare FROM range(5000) t(i)) TO '${path}' (FORMAT parquet)`,
  );
  database.close();
  parquet = readFileSync(path);
});
afterAll(async () => {
  await lake.close();
  example.remove();
});

const appendFile = (name: string, content: string | Uint8Array) => {
  const path = join(example.folder, 'batches', name);
  writeFileSync(path, content);
  return lake.append({ name, path }, nowUs);
};

/** Bytes in the middle turned around: the pages no longer are what the footer says. */
const spoilt = () => {
  const copy = Buffer.from(parquet);
  copy.fill(0xff, 40, Math.floor(copy.length / 2));
  return copy;
};

test.each<[string, string, () => string | Uint8Array, string]>([
  ['nothing', 'nothing.csv', () => '', 'which has 0 bytes'],
  ['a header alone', 'header.csv', () => `${header}\n`, 'which has 0 rows'],
  ['lines that are no JSON', 'text.jsonl', () => 'hello\n', 'text.jsonl: received'],
  ['a row with too many fields', 'wide.csv', () => `${header}\n${line}\n${line},13\n`, 'wide.csv: received'],
  ['what only claims to be Parquet', 'text.parquet', () => `${header}\n${line}\n`, 'which is not Parquet'],
  ['a cut off Parquet file', 'cut.parquet', () => parquet.subarray(0, parquet.length - 30), 'which is cut off'],
  ['a spoilt Parquet file', 'spoilt.parquet', spoilt, 'spoilt.parquet: received'],
  ['another kind of file', 'batch.xlsx', () => 'x', 'ending in .xlsx'],
  [
    'a column too few',
    'few.csv',
    () => 'id,zone,start,end\nr1,north,2024-03-01 08:00:00,\n',
    'few.csv: fare: received no such column',
  ],
])('%s is told of, and the lake stays as it was', async (_, name, content, problem) => {
  const error = await appendFile(name, content()).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UnreadableBatch);
  expect(String((error as Error).message)).toContain(problem);
  expect(await lake.head()).toBeNull();
});

test('a file beyond the size of a batch is to be split, and is not read', async () => {
  const path = join(example.folder, 'batches', 'huge.csv');
  writeFileSync(path, `${header}\n`);
  truncateSync(path, 2 ** 30 + 1);
  await expect(lake.append({ name: 'huge.csv', path }, nowUs)).rejects.toThrow(
    'huge.csv: received 1073741825 bytes; allowed: at most 1073741824 bytes; split it: batches may come in any order',
  );
});

test('a new column in the middle of a stream is refused with the definition to change, and taken once that has it', async () => {
  const stream = await createExampleLake();
  const its = stream.open();
  const rows = (extra: object) => ({
    name: 'hour 2',
    kind: 'jsonl' as const,
    text: JSON.stringify({ ...ride('r2'), ...extra }),
  });
  await its.append(rows({ id: 'r1' }), nowUs);
  await expect(its.append(rows({ tip: 3 }), nowUs)).rejects.toThrow(
    'hour 2: tip: received a column that rides of rides does not have; allowed: id, zone, start, end, fare; leave it out; or, where it ' +
      'is to be kept, add it to the definition of the source rides (its raw file rides, its SQL and its columns), then ingest the batch',
  );
  expect((await its.head())?.snapshot.number).toBe(1);
  await its.close();
  mkdirSync(join(stream.folder, 'new'));
  const raw = join(stream.folder, 'new/rides.parquet');
  const database = await openDatabase();
  await database.run(
    `COPY (SELECT *, CAST(1 AS DOUBLE) AS tip FROM '${stream.folder}/rides.parquet') TO '${raw}' (FORMAT parquet)`,
  );
  const tip = { type: 'number' as const, nullable: true, about: 'Tip' };
  const source = {
    ...stream.source,
    columns: { ...stream.source.columns, tip },
    sql: stream.source.sql.replace('fare FROM', 'fare, tip FROM'),
  };
  const later = stream.open({ source, files: { rides: raw } });
  expect(await later.append(rows({ tip: 3 }), nowUs)).toMatchObject({ outcome: 'accepted' });
  const sql = await later.tableSql({ base: null });
  const found = await database.rows(`SELECT ride_id, tip FROM ${sql} ORDER BY ride_id`);
  expect(found).toEqual([
    { ride_id: 'r1', tip: null },
    { ride_id: 'r2', tip: 3 },
  ]);
  database.close();
  await later.close();
  stream.remove();
});
