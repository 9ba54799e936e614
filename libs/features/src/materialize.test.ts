import { InputError } from '@repo/contract/input-error';
import type { PredictionRequest } from '@repo/contract/prediction-request';
import { defineSource } from '@repo/contract/source';
import { column, latestView, type View } from '@repo/contract/view';
import { type Database, openDatabase } from '@repo/datasets/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookUp } from './look-up.ts';
import { materialize } from './materialize.ts';
import { viewKey } from './online-store.ts';
import {
  beginUs,
  loadSample,
  minuteUs,
  plainAsk,
  readings,
  sampleContract,
  sampleJoin,
  sampleViews,
} from './sample-history.ts';
import { openSqliteStore } from './sqlite-store.ts';

let db: Database;
const row = { site: 'a', unit: 1, on: null, since: 1 };
beforeAll(async () => {
  db = await openDatabase();
  await loadSample(
    db,
    [
      { ...row, event: 2, known: 2, x: 4 },
      { ...row, event: 3, known: 9, x: 8 },
      { ...row, site: 'b', event: 20, known: 20, x: 1 },
    ],
    [],
  );
});
afterAll(() => db.close());

const at = (minutes: number) => beginUs + minutes * minuteUs;
const filled = async (...minutes: number[]) => {
  const store = openSqliteStore(':memory:');
  const results = [];
  for (const m of minutes) results.push(await materialize(db, { ...sampleJoin, atUs: at(m), store }));
  return { store, results };
};
const ask = (site: string | null, minutes: number): PredictionRequest =>
  plainAsk({ site, unit: 1, at: minutes }) as PredictionRequest;
const looked = async (store: Awaited<ReturnType<typeof filled>>['store'], request: PredictionRequest) => {
  const { features, reasons } = await lookUp(sampleContract, request, store);
  return { cells: Object.fromEntries(features.map(({ name, value, status }) => [name, [value, status]])), reasons };
};

test('only entities and values known at the moment are stored, whatever the data says later', async () => {
  const { store, results } = await filled(5);
  expect(results[0]?.map(({ entities, written }) => [entities, written])).toEqual(Array(4).fill([1, true]));
  const { cells } = await looked(store, ask('a', 5));
  expect(cells).toMatchObject({
    last_x: [4, 'ok'],
    last_since: [4 / 60, 'ok'],
    site_mean: [4, 'ok'],
    site_count: [1, 'ok'],
  });
});

test('repeating a materialization changes nothing, and an earlier one is not written over a later', async () => {
  const { store, results } = await filled(9, 9, 5);
  expect(results[1]).toEqual(results[0]);
  expect(results[2]?.every(({ written }) => !written)).toBe(true);
  expect((await looked(store, ask('a', 9))).cells).toMatchObject({ last_x: [8, 'ok'], site_mean: [6, 'ok'] });
  expect(await store.materializedAt(viewKey(sampleViews[1] as (typeof sampleViews)[0]))).toBe(at(9));
});

test('a latest value ages by its event and a window by its materialization, each stale one moment after its TTL', async () => {
  const { store } = await filled(5);
  const status = async (minutes: number) => {
    const { cells } = await looked(store, ask('a', minutes));
    return [cells.last_x?.[1], cells.site_count?.[1]];
  };
  expect(await status(9)).toEqual(['ok', 'ok']);
  expect(await status(10)).toEqual(['stale', 'ok']);
  expect(await status(12)).toEqual(['stale', 'ok']);
  expect(await status(13)).toEqual(['stale', 'stale']);
});

test('a request from before the materialization is read at the moment of it', async () => {
  const { store } = await filled(10);
  const { readAtUs } = await lookUp(sampleContract, ask('a', 1), store);
  expect(readAtUs).toBe(at(10));
  expect((await looked(store, ask('a', 1))).cells.last_since).toEqual([9 / 60, 'ok']);
});

test('an entity that the store does not know has nothing, and a count of nought; one not given has not even that', async () => {
  const { store } = await filled(5);
  const unknown = await looked(store, ask('b', 5));
  expect(unknown.cells).toMatchObject({
    last_x: [null, 'missing'],
    site_mean: [null, 'missing'],
    site_count: [0, 'default'],
  });
  expect(unknown.reasons).toContain('missing:last_x');
  expect(unknown.reasons).not.toContain('missing:site_count');
  expect((await looked(store, ask(null, 5))).cells.site_count).toEqual([null, 'missing']);
});

test('a view that was never materialized is missing, counts too', async () => {
  const store = openSqliteStore(':memory:');
  expect((await looked(store, ask('a', 5))).cells).toMatchObject({
    last_x: [null, 'missing'],
    site_count: [null, 'missing'],
  });
});

test('a moment or a cut-off before the data begins is refused, and the first moment is not', async () => {
  await expect(filled(1)).rejects.toThrow(/^at: received 2013-03-10T06:31:00Z; allowed: 2013-03-10T06:32:00Z or later/);
  const { store } = await filled(2);
  await expect(lookUp(sampleContract, ask('a', -1), store)).rejects.toThrow(InputError);
  await expect(lookUp(sampleContract, ask('a', -1), store)).rejects.toThrow(
    /^request.asked_at: received 2013-03-10T06:29:00Z/,
  );
});

test('a register that is older than all events does not make the data begin earlier, unless it is all there is', async () => {
  const { kind: _, ...definition } = readings;
  const machines = defineSource({
    ...definition,
    name: 'machines',
    columns: {
      site: { type: 'text', about: 'x' },
      built_at: { type: 'instant', about: 'x' },
      x: { type: 'number', about: 'x' },
    },
    key: ['site'],
    eventTime: 'built_at',
  });
  const machine = latestView({
    name: 'machine',
    version: 1,
    about: 'x',
    source: machines,
    entity: ['site'],
    event: 'built_at',
    known: 'built_at',
    ttl: '9d',
    features: { size: column('x') },
  });
  await db.run(
    "CREATE OR REPLACE TABLE machines AS SELECT 'a' AS site, TIMESTAMPTZ '2013-03-09 00:00:00+00' AS built_at, 7.0::DOUBLE AS x",
  );
  const relations = { ...sampleJoin.relations, machines: 'machines' };
  const store = openSqliteStore(':memory:');
  const fill = (views: View[]) => materialize(db, { views, relations, atUs: at(1), store });
  await expect(fill([...sampleViews, machine])).rejects.toThrow(/^at: .*allowed: 2013-03-10T06:32:00Z or later/);
  expect(await fill([machine])).toEqual([{ view: 'machine', entities: 1, written: true }]);
});

test('a store for some entities alone holds for them what it would hold among all, and nothing of others', async () => {
  const whole = await filled(25);
  const store = openSqliteStore(':memory:');
  const entities = Object.fromEntries(
    sampleViews.flatMap(({ spec }) =>
      spec.kind === 'request' ? [] : [[spec.name, [spec.entity.map((name) => (name === 'unit' ? 1 : 'b'))]]],
    ),
  );
  const some = await materialize(db, { ...sampleJoin, atUs: at(25), store, entities });
  expect(whole.results[0]?.map((view) => view.entities)).toEqual([2, 2, 2, 2]);
  expect(some.map((view) => view.entities)).toEqual([1, 1, 1, 1]);
  expect(await looked(store, ask('b', 25))).toEqual(await looked(whole.store, ask('b', 25)));
  expect((await looked(store, ask('a', 25))).cells.last_x).toEqual([null, 'missing']);
  const none = { ...entities, [sampleViews.at(-1)?.spec.name as string]: [] };
  const empty = await materialize(db, { ...sampleJoin, atUs: at(26), store, entities: none });
  expect(empty.at(-1)).toMatchObject({ entities: 0, written: true });
});
