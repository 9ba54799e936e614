import { parseInstant } from '@repo/contract/instant';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createExampleLake, type ExampleLake, type RawRide, ride } from './fixtures/example-lake.ts';
import type { Lake } from './open-lake.ts';

const nowUs = parseInstant('2024-03-02T00:00:00Z', 'now');
const minute = 60e6;

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

const lines = (rows: readonly RawRide[]) => ({
  name: 'batch',
  kind: 'jsonl' as const,
  text: rows.map((row) => `${JSON.stringify(row)}\n`).join(''),
});
const append = (...rows: RawRide[]) => lake.append(lines(rows), nowUs);

test('a batch is in the table beside the declared raw file, and the same one again changes nothing', async () => {
  expect(await lake.head()).toBeNull();
  expect(await example.table(lake)).toEqual(['r0 north 07:00 07:30 10.0']);
  const first = await append(ride('r1'), ride('r2', { end: null, fare: null }));
  expect(first).toMatchObject({ outcome: 'accepted', rows: 2, accepted: 2, quarantined: 0, rules: {} });
  const head = await lake.head();
  expect(head?.snapshot).toMatchObject({ number: 1, previous: null, rows: 2 });
  // In another order, and one row twice.
  const again = await append(ride('r2', { end: null, fare: null }), ride('r1'), ride('r1'));
  expect(again).toMatchObject({ outcome: 'duplicate', id: first.id, repeated: 1, batch: first.batch });
  expect(await lake.head()).toEqual(head);
  expect(await example.table(lake)).toEqual([
    'r0 north 07:00 07:30 10.0',
    'r1 north 08:00 08:20 12.0',
    'r2 north 08:00 - -1.0',
  ]);
});
