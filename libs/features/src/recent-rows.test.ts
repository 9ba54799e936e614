import { defineSource } from '@repo/contract/source';
import { column, count, latestView, windowView } from '@repo/contract/view';
import { type Database, openDatabase } from '@repo/datasets/database';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { materialize } from './materialize.ts';
import { type OnlineStore, viewKey } from './online-store.ts';
import { createRecentRows, type RecentRows } from './recent-rows.ts';
import { refreshEntities } from './refresh-entities.ts';
import { openSqliteStore } from './sqlite-store.ts';

const beginUs = Date.UTC(2024, 0, 1) * 1000;
const hourUs = 3600e6;

const trips = defineSource({
  name: 'trips',
  about: 'Trips of buses',
  owner: 'tests',
  licence: 'CC0-1.0',
  key: ['trip'],
  eventTime: 'left_at',
  columns: {
    trip: { type: 'text', about: 'x' },
    bus: { type: 'text', about: 'x' },
    left_at: { type: 'instant', about: 'x', nullable: true, knownAt: 'left_at' },
    delay: { type: 'integer', about: 'x', nullable: true, knownAt: 'left_at' },
  },
  raw: {},
  sql: 'SELECT 1',
  rules: [],
});
const facts = { version: 1, about: 'x', source: trips, event: 'left_at', known: 'left_at', entity: ['bus'] };
const views = [
  latestView({ ...facts, name: 'last', ttl: '5h', features: { last_delay: column('delay') } }),
  windowView({ ...facts, name: 'recent', window: '3h', ttl: '2h', features: { recent_trips: count('delay') } }),
];

/** A row: trip, bus, the hour in which it left, its delay, and the hour in which that was observed. */
type Trip = readonly [trip: string, bus: string, left: number, delay: number, observed: number];
const instant = (hour: number) => `make_timestamptz(${beginUs + hour * hourUs})`;
const rowsSql = (rows: readonly Trip[]) =>
  `SELECT * FROM (VALUES ${rows
    .map(
      ([trip, bus, left, delay, at]) =>
        `('${trip}', '${bus}', ${instant(left)}, CAST(${delay} AS BIGINT), ${instant(at)})`,
    )
    .join(', ')}) AS t(trip, bus, left_at, delay, _observed_at)`;

let db: Database;
let store: OnlineStore;
let recent: RecentRows;
let all: Trip[];
let wholes: number;
const tableSql = () =>
  `(SELECT * FROM (${rowsSql(all)}) QUALIFY row_number() OVER (PARTITION BY trip ORDER BY _observed_at DESC) = 1)`;
beforeEach(async () => {
  db = await openDatabase({ threads: 1 });
  store = openSqliteStore(':memory:');
  all = [];
  wholes = 0;
  await store.put(views.map((view) => ({ view: viewKey(view), atUs: beginUs, entities: [] })));
  recent = await createRecentRows(db, {
    source: trips,
    views,
    wholeTable: async () => {
      wholes++;
      return tableSql();
    },
  });
});
afterEach(() => {
  store.close();
  db.close();
});

/** Lets rows come at an hour; answers the buses that were refreshed. */
async function come(hour: number, ...rows: Trip[]): Promise<string[]> {
  all.push(...rows);
  const atUs = beginUs + hour * hourUs;
  const { entities, relation } = await recent.apply(rowsSql(rows), atUs);
  await refreshEntities(db, { views, relations: { trips: relation }, atUs, store, entities });
  return (entities.last ?? []).map(([bus]) => String(bus)).sort();
}

const keysOf = (bus: string) => views.map((view) => ({ view: viewKey(view), entity: [bus] }));
const held = async (bus: string) => (await store.get(keysOf(bus))).map(({ row }) => row?.values[0] ?? null);

/** What a materialization of the whole table holds of a bus at an hour. */
async function whole(hour: number, bus: string) {
  await db.run(`CREATE OR REPLACE VIEW whole_table AS ${tableSql()}`);
  const other = openSqliteStore(':memory:');
  await materialize(db, { views, relations: { trips: 'whole_table' }, atUs: beginUs + hour * hourUs, store: other });
  const found = (await other.get(keysOf(bus))).map(({ row }) => row?.values[0] ?? null);
  other.close();
  return found;
}

test('rows that come refresh their entities and nothing else, and the table is read once', async () => {
  expect(await come(1, ['a1', 'a', 1, 5, 1], ['b1', 'b', 1, 7, 1])).toEqual(['a', 'b']);
  expect(await come(2, ['a2', 'a', 2, 6, 2])).toEqual(['a']);
  expect([await held('a'), await held('b')]).toEqual([
    [6, 2],
    [7, 1],
  ]);
  expect(await held('a')).toEqual(await whole(2, 'a'));
  expect(wholes).toBe(1);
});

test('the row observed last counts, in whatever order rows come', async () => {
  await come(2, ['a1', 'a', 1, 9, 2]);
  await come(2, ['a1', 'a', 1, 5, 1]);
  expect(await held('a')).toEqual([9, 1]);
  await come(3, ['a1', 'a', 1, 4, 3], ['a1', 'a', 1, 3, 2.5]);
  expect(await held('a')).toEqual([4, 1]);
  expect(await held('a')).toEqual(await whole(3, 'a'));
});

test('a row that turns out to be of another entity is taken from the one and given to the other', async () => {
  await come(1, ['a1', 'a', 0.5, 1, 1], ['a2', 'a', 1, 5, 1]);
  expect(await come(2, ['a2', 'b', 1, 5, 2])).toEqual(['a', 'b']);
  for (const bus of ['a', 'b']) expect(await held(bus)).toEqual(await whole(2, bus));
  expect(await held('a')).toEqual([1, 1]);
});

test('a correction that comes first after a start is told from what the table held', async () => {
  const atUs = beginUs + 2 * hourUs;
  all = [['a1', 'a', 1, 5, 1]];
  await recent.load(tableSql(), atUs);
  expect(await come(2, ['c1', 'c', 1, 5, 2])).toEqual(['c']);
  expect(wholes).toBe(0);
  expect(await come(2, ['a1', 'b', 1, 5, 2])).toEqual(['a', 'b']);
  expect([await held('a'), await held('b')]).toEqual([[null, 0], await whole(2, 'b')]);
});

test('rows older than what was loaded are looked at beside the whole table, though they came at an earlier moment', async () => {
  all = [
    ['a0', 'a', 1, 9, 1],
    ['a1', 'a', 1.5, 5, 1.5],
  ];
  await recent.load(tableSql(), beginUs + 8 * hourUs);
  expect(await come(6.2, ['a2', 'a', 1.3, 7, 6.2])).toEqual(['a']);
  expect(wholes).toBe(1);
});

test('an event that comes later than the views reach is looked at beside the whole table', async () => {
  await come(1, ['a1', 'a', 1, 5, 1]);
  await come(20, ['b1', 'b', 20, 1, 20]);
  await come(21, ['b2', 'b', 20, 1, 21]);
  expect(await come(22, ['a0', 'a', 0, 3, 22])).toEqual(['a']);
  expect(wholes).toBe(2);
  // The trip of hour 1 is no longer kept, but is the newest still.
  expect(await held('a')).toEqual([5, 0]);
});

test('what leaves the window of an entity is gone when the entity is refreshed', async () => {
  await come(1, ['a1', 'a', 1, 5, 1]);
  await come(4.5, ['a2', 'a', 4.5, 6, 4.5]);
  expect(await held('a')).toEqual([6, 1]);
  expect(await held('a')).toEqual(await whole(4.5, 'a'));
});
