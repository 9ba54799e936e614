import { readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { parseInstant } from '@repo/contract/instant';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createExampleLake, type ExampleLake, jsonLines, type RawRide, ride } from './fixtures/example-lake.ts';
import type { Lake } from './open-lake.ts';

const nowUs = parseInstant('2024-03-02T00:00:00Z', 'now');
const base = 'r0 north 07:00 07:30 10.0';

let example: ExampleLake;
let lake: Lake;
beforeEach(async () => {
  example = await createExampleLake();
  lake = example.open();
});
afterEach(async () => {
  await lake.close();
  example.remove();
});

const append = (...rows: RawRide[]) => lake.append(jsonLines(rows), nowUs);
const inLake = (...path: string[]) => join(example.folder, 'state/lake/rides', ...path);

test('a batch is in the table beside the declared raw file, and the same one again changes nothing', async () => {
  expect(await lake.head()).toBeNull();
  expect(await example.table(lake)).toEqual([base]);
  const first = await append(ride('r1'), ride('r2', { end: null, fare: null }));
  expect(first).toMatchObject({ outcome: 'accepted', rows: 2, accepted: 2, quarantined: 0, rules: {} });
  const head = await lake.head();
  expect(head?.snapshot).toMatchObject({ number: 1, previous: null, rows: 2 });
  // In another order, and one row twice.
  const again = await append(ride('r2', { end: null, fare: null }), ride('r1'), ride('r1'));
  expect(again).toMatchObject({ outcome: 'duplicate', id: first.id, repeated: 1, batch: first.batch });
  expect(await lake.head()).toEqual(head);
  expect(await example.table(lake)).toEqual([base, 'r1 north 08:00 08:20 12.0', 'r2 north 08:00 - -1.0']);
});

test('a correction appends and wins, also over the raw file, and the table of before is still known', async () => {
  const at = (clock: string) => parseInstant(`2024-03-01T${clock}:00Z`, 'at');
  await append(
    ride('r1', { observed_at: '2024-03-01T09:00:00Z' }),
    ride('r0', { observed_at: '2024-03-01T12:00:00Z' }),
  );
  await append(ride('r1', { fare: 14, observed_at: '2024-03-01T10:00:00Z' }));
  // Late: what it says was known before the correction.
  await append(ride('r1', { fare: 13, observed_at: '2024-03-01T09:30:00Z' }));
  const rows = async (clock: string) => (await example.table(lake, at(clock))).map((row) => row.slice(-4));
  expect(await rows('08:59')).toEqual(['10.0']);
  expect(await rows('09:00')).toEqual(['10.0', '12.0']);
  expect(await rows('09:45')).toEqual(['10.0', '13.0']);
  expect(await rows('10:00')).toEqual(['10.0', '14.0']);
  expect(await example.table(lake)).toEqual(['r0 north 08:00 08:20 12.0', 'r1 north 08:00 08:20 14.0']);
});

test('of two rows observed at the same moment that of the later batch counts', async () => {
  for (const fare of [20, 21, 19]) await append(ride('r1', { fare }));
  expect(await example.table(lake)).toEqual([base, 'r1 north 08:00 08:20 19.0']);
});

test('two lakes that append at once both find their batches in the table, and one of equal batches is a duplicate', async () => {
  const other = example.open();
  const rows = (i: number) => [ride(`r${i}`), ride(`s${i}`)];
  const outcomes = await Promise.all(
    [1, 2, 3, 4].flatMap((i) => [lake, other].map((one) => one.append(jsonLines(rows(i)), nowUs))),
  );
  expect(outcomes.map(({ outcome }) => outcome).sort()).toEqual([
    ...Array(4).fill('accepted'),
    ...Array(4).fill('duplicate'),
  ]);
  expect((await lake.head())?.snapshot).toMatchObject({ number: 4, rows: 8 });
  expect(await lake.head()).toEqual(await other.head());
  expect(await example.table(other)).toHaveLength(9);
  await other.close();
});

test('a file of the lake that was cut off is told of, by name, before anything is read from it', async () => {
  await append(ride('r1'));
  const [name = ''] = readdirSync(inLake('batches'));
  truncateSync(inLake('batches', name), 40);
  const another = example.open();
  await expect(example.table(another)).rejects.toThrow(`lake/rides/batches/${name}: received 40 bytes`);
  await another.close();
});

test('a source whose SQL groups rows takes no batches, and says why', async () => {
  const grouped = await createExampleLake({
    sql: `SELECT id AS ride_id, any_value(zone) AS zone, timezone('UTC', min(start)) AS started_at,
            timezone('UTC', max("end")) AS ended_at, max(fare) AS fare FROM rides GROUP BY id`,
  });
  const its = grouped.open();
  await expect(its.append(jsonLines([ride('r1')]), nowUs)).rejects.toThrow(
    /rides\.sql: received a SELECT that does not hand the columns of rides on/,
  );
  await its.close();
  grouped.remove();
});
