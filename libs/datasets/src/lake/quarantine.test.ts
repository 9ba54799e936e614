import { join } from 'node:path';
import { parseInstant } from '@repo/contract/instant';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import type { Appended } from './append-batch.ts';
import { createExampleLake, type ExampleLake, jsonLines, type RawRide, ride } from './fixtures/example-lake.ts';
import type { Lake } from './open-lake.ts';

const nowUs = parseInstant('2024-03-02T00:00:00Z', 'now');

let example: ExampleLake;
let database: Database;
const lakes = new Map<number, Lake>();
beforeAll(async () => {
  example = await createExampleLake();
  database = await openDatabase();
});
afterAll(async () => {
  for (const lake of lakes.values()) await lake.close();
  database.close();
  example.remove();
});

const good = Array.from({ length: 40 }, (_, i) => ride(`g${i}`));
const at = (clock: string) => ({ observed_at: `2024-03-01T${clock}:00Z` });

/** Appends rows, which are beside good ones, to a lake that tolerates a share of broken ones. */
async function append(rows: readonly RawRide[], beside: readonly RawRide[] = good, tolerance = 0.2): Promise<Appended> {
  const lake = lakes.get(tolerance) ?? example.open({ stateUrl: `file:${example.folder}/${tolerance}`, tolerance });
  lakes.set(tolerance, lake);
  return lake.append(jsonLines([...beside, ...rows]), nowUs);
}

test.each<[string, RawRide[], Record<string, number>]>([
  ['a text for a number', [ride('b', { fare: 'twelve' })], { 'type:fare': 1 }],
  ['no such day', [ride('b', { start: '2024-02-30 08:00:00' })], { 'type:start': 1 }],
  ['no key', [{ ...ride('b'), id: null as unknown as string }], { 'nullShare:ride_id': 1 }],
  ['beyond a hard range', [ride('b', { fare: 501 }), ride('c', { fare: -1 })], { 'hardRange:fare': 2 }],
  [
    'an unlisted category, which no reference knows',
    [ride('b', { zone: 'mars' })],
    { 'categories:zone': 1, 'reference:zone': 1 },
  ],
  ['what a reference does not know', [ride('b', { zone: 'moon' })], { 'reference:zone': 1 }],
  ['a check that is false', [ride('b', { end: '2024-03-01 07:00:00' })], { 'check:ends_after_start': 1 }],
  ['one key with two rows', [ride('b'), ride('b', { fare: 13 })], { 'unique:ride_id': 2 }],
  ['observed tomorrow', [ride('b', { observed_at: '2024-03-02T00:06:00Z' })], { 'future:observed_at': 1 }],
  ['ended after it was observed', [ride('b', at('08:10'))], { 'future:ended_at': 1 }],
  ['a moment that is none', [ride('b', { observed_at: 'soon' })], { 'type:observed_at': 1 }],
])('%s is quarantined, and the rest of the batch is accepted', async (_, rows, rules) => {
  const appended = await append(rows);
  expect(appended).toMatchObject({ outcome: 'accepted', accepted: 40, quarantined: rows.length, rules });
});

test.each<[string, RawRide[]]>([
  ['rows beyond the band of the table', [ride('b')]],
  ['nulls that are tolerated', [ride('b', { fare: null }), ride('c', { fare: null })]],
  ['one key at two moments', [ride('b', at('09:00')), ride('b', { fare: 13, ...at('09:30') })]],
  ['the same row twice', [ride('b2'), ride('b2')]],
  ['a clock that is four minutes ahead', [ride('b', { observed_at: '2024-03-02T00:04:00Z' })]],
  ['a ride that goes on', [ride('b', { end: null, ...at('08:10') })]],
])('%s: nothing is quarantined', async (_, rows) => {
  expect(await append(rows)).toMatchObject({ outcome: 'accepted', quarantined: 0, rules: {} });
});

test('more broken rows than tolerated refuse the batch as a whole; one alone does not, unless there is nothing else', async () => {
  const broken = [ride('b', { fare: -1 }), ride('c', { fare: -1 }), ride('d', { fare: -1 })];
  expect(await append(broken, good, 0.05)).toMatchObject({
    ...{ outcome: 'refused', accepted: 0, quarantined: 43, rules: { 'hardRange:fare': 3 }, batch: null },
  });
  expect(await append(broken.slice(1), good, 0.05)).toMatchObject({ outcome: 'accepted', quarantined: 2 });
  expect(await append(broken.slice(2), good.slice(1, 2), 0.05)).toMatchObject({ outcome: 'accepted', accepted: 1 });
  expect(await append(broken.slice(2), [], 0.05)).toMatchObject({ outcome: 'refused', quarantined: 1 });
});

test('rows that the SQL of the source cannot type are found, though it fails as a whole', async () => {
  const typed = await createExampleLake({
    sql: `SELECT id AS ride_id, zone, timezone('UTC', start) AS started_at, timezone('UTC', "end") AS ended_at,
            CAST(CAST(fare AS TINYINT) AS DOUBLE) AS fare FROM rides`,
  });
  const lake = typed.open();
  const rows = [...good, ride('b', { fare: 200 }), ride('c', { fare: 300 })];
  expect(await lake.append(jsonLines(rows), nowUs)).toMatchObject({ accepted: 40, quarantined: 2, rules: { sql: 2 } });
  const most = Array.from({ length: 40 }, (_, i) => ride(`m${i}`, { fare: 200 }));
  expect(await lake.append(jsonLines(most), nowUs)).toMatchObject({ outcome: 'refused', quarantined: 40 });
  await lake.close();
  typed.remove();
});

test('of a batch that came as text it is known which of its rows were kept out, also when it comes again', async () => {
  const lake = example.open();
  const rows = [ride('k0', { zone: 'moon' }), ride('k1'), ride('k2'), ride('k0', { zone: 'moon' })];
  const batch = jsonLines([...rows, ...good]);
  expect(await lake.append(batch, nowUs)).toMatchObject({ outcome: 'accepted', quarantined: 1, keptOut: [0, 3] });
  expect(await lake.append(batch, nowUs)).toMatchObject({ outcome: 'duplicate', keptOut: [0, 3] });
  const all = jsonLines([ride('k4', { zone: 'moon' }), ride('k5', { zone: 'mars' })]);
  expect(await lake.append(all, nowUs)).toMatchObject({ outcome: 'refused', keptOut: [0, 1] });
  await lake.close();
});

test('a quarantine file holds the rows as they came and why; put right, it is a batch', async () => {
  const lake = example.open();
  const wrong = [ride('b', { fare: 'twelve', zone: 'moon' }), ride('c', { zone: 'moon' })];
  const { quarantine } = await lake.append(jsonLines([...good, ...wrong]), nowUs);
  const path = join(example.folder, 'state/lake/rides', quarantine ?? '');
  const rows = await database.rows(`SELECT id, fare, CAST(rules AS VARCHAR) AS rules FROM '${path}' ORDER BY id`);
  expect(rows).toEqual([
    { id: 'b', fare: 'twelve', rules: "['type:fare']" },
    { id: 'c', fare: '12.0', rules: "['reference:zone']" },
  ]);
  const mended = join(example.folder, 'mended.parquet');
  await database.run(`COPY (SELECT * REPLACE ('south' AS zone, '12' AS fare) FROM '${path}') TO '${mended}'`);
  expect(await lake.append({ name: 'mended', path: mended }, nowUs)).toMatchObject({
    outcome: 'accepted',
    accepted: 2,
  });
  await lake.close();
});
