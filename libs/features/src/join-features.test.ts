import { InputError } from '@repo/contract/input-error';
import { count, mean, type ViewSpec, windowView } from '@repo/contract/view';
import { type Database, openDatabase } from '@repo/datasets/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinFeatures } from './join-features.ts';
import { naiveJoin } from './naive-join.ts';
import {
  beginUs,
  joinSample,
  loadSample,
  minuteUs,
  plainAsk,
  plainReading,
  type Reading,
  readings,
  sampleJoin,
  sampleViews,
} from './sample-history.ts';

let db: Database;
beforeAll(async () => {
  db = await openDatabase();
});
afterAll(() => db.close());

const row = { site: 'a', unit: 1, on: null, since: null };
/** Minute 5 is heard of at once; minute 3 only at minute 8. */
const lateOlder: Reading[] = [
  { ...row, event: 5, known: 5, x: 50 },
  { ...row, event: 3, known: 8, x: 30 },
];

test('a late older row does not shadow the newer one, as it does in an as-of join on availability', async () => {
  const ask = { site: 'a', unit: 1, at: 9 };
  const [right] = await joinSample(db, lateOlder, [ask]);
  expect(right?.last_x).toEqual([50, 'ok']);
  const spec = sampleViews.find((view) => view.spec.name === 'site-last')?.spec as ViewSpec;
  expect(naiveJoin(spec, lateOlder.map(plainReading), plainAsk(ask), beginUs + 9 * minuteUs).last_x).toEqual([
    50,
    'ok',
  ]);
  const [wrong] = await db.rows(`SELECT r.x FROM asks a ASOF JOIN
    (SELECT *, greatest(event_at, known_at) AS from_at FROM readings) r ON a.site = r.site AND a.asked_at >= r.from_at`);
  expect(wrong?.x).toBe(30);
});

test('an as-of join on event time would lose the row that was known, and keep the one that was not', async () => {
  const history = [
    { ...row, event: 1, known: 1, x: 10 },
    { ...row, event: 3, known: 8, x: 30 },
  ];
  const [right] = await joinSample(db, history, [{ site: 'a', unit: 1, at: 4 }]);
  expect(right?.last_x).toEqual([10, 'ok']);
});

test('rows that tie on event and known time are told apart by their values, in order of the feature names, null lowest', async () => {
  const tied = [
    { ...row, event: 1, known: 2, on: null, x: 9 },
    { ...row, event: 1, known: 2, on: false, x: 5 },
    { ...row, event: 1, known: 2, on: true, x: 1 },
    { ...row, event: 1, known: 2, on: true, x: null },
  ];
  for (const history of [tied, tied.toReversed()]) {
    const [cells] = await joinSample(db, history, [{ site: 'a', unit: 1, at: 2 }]);
    expect([cells?.last_on, cells?.last_x]).toEqual([
      [1, 'ok'],
      [1, 'ok'],
    ]);
  }
});

test('a value exactly as old as its TTL is ok, and a moment older is stale', async () => {
  const history = [{ ...row, event: 0, known: 0, x: 1 }];
  const asks = [7, 8].map((at) => ({ site: 'a', unit: 1, at }));
  expect((await joinSample(db, history, asks)).map((r) => r.last_x)).toEqual([
    [1, 'ok'],
    [null, 'stale'],
  ]);
});

test('a window leaves out the event exactly one window ago and holds the one at the cut-off', async () => {
  const history = [
    { ...row, event: 0, known: 0, x: 1 },
    { ...row, event: 10, known: 10, x: 3 },
  ];
  const [cells] = await joinSample(db, history, [{ site: 'a', unit: 1, at: 10 }]);
  expect(cells?.site_mean).toEqual([3, 'ok']);
  expect(cells?.site_count).toEqual([1, 'ok']);
});

test('an event that becomes known when it has left its window is never counted', async () => {
  const history = [{ ...row, event: 0, known: 12, x: 1 }];
  const cells = await joinSample(
    db,
    history,
    [9, 11, 12, 13].map((at) => ({ site: 'a', unit: 1, at })),
  );
  expect(cells.map((c) => c.site_count)).toEqual(Array(4).fill([0, 'default']));
});

test('a null in the entity makes every feature of the view missing', async () => {
  const history = [{ ...row, site: null, event: 0, known: 0, x: 1 }];
  const [cells] = await joinSample(db, history, [{ site: null, unit: 1, at: 1 }]);
  for (const name of ['last_x', 'last_on', 'last_since', 'unit_x', 'site_mean', 'site_count', 'site_on', 'unit_mean']) {
    expect(cells?.[name]).toEqual([null, 'missing']);
  }
});

test('clock features read the zone on both sides of a clock change, and another zone across the date line', async () => {
  // New York goes from 01:59 to 03:00 at 07:00 UTC on Sunday 2013-03-10, half an hour after the sample begins.
  const cells = await joinSample(
    db,
    [],
    [29, 30].map((at) => ({ site: 'a', unit: 1, at })),
  );
  expect(cells.map((c) => c.hour)).toEqual([
    [119 / 60, 'ok'],
    [3, 'ok'],
  ]);
  expect(cells[0]?.day).toEqual([7, 'ok']);
});

test('not-a-number and the infinities are no values, and booleans count as 0 and 1', async () => {
  await loadSample(db, [{ ...row, event: 0, known: 0, x: 5, on: true }], [{ site: 'a', unit: 1, at: 1 }]);
  await db.run(`INSERT INTO readings SELECT * REPLACE ('NaN'::DOUBLE AS x, false AS "on") FROM readings`);
  await db.run(`INSERT INTO readings SELECT * REPLACE ('-inf'::DOUBLE AS x) FROM readings LIMIT 1`);
  await joinFeatures(db, sampleJoin);
  const [cells] = await db.rows('SELECT * FROM joined');
  expect(cells).toMatchObject({ last_x: 5, last_on: 1, site_mean: 5, site_count: 1, site_on: 2 / 3 });
});

test('row id, time and label pass through, and the tables on the way are gone', async () => {
  await joinSample(db, [], [{ site: 'a', unit: 1, at: 4 }]);
  await joinFeatures(db, { ...sampleJoin, rowId: ['id', 'site', 'unit'] });
  const [first] = await db.rows('SELECT * FROM joined');
  expect(first).toMatchObject({ row_id: '0|a|1', time: BigInt(beginUs + 4 * minuteUs), label: 1 });
  const tables = await db.rows('SELECT table_name FROM duckdb_tables() ORDER BY 1');
  expect(tables.map((t) => t.table_name)).toEqual(['asks', 'joined', 'readings']);
});

test('a source without a relation and names used twice are refused, all in one error', async () => {
  const clash = windowView({
    name: 'clash',
    version: 1,
    about: 'x',
    source: readings,
    entity: ['site'],
    event: 'event_at',
    known: 'known_at',
    ttl: '1h',
    window: '1h',
    features: { label: mean('x'), last_x: count('x') },
  });
  const error = await joinFeatures(db, { ...sampleJoin, views: [...sampleViews, clash], relations: {} }).catch(
    (e) => e,
  );
  expect(error).toBeInstanceOf(InputError);
  const paths = (error as InputError).problems.map(({ path, received }) => `${path} ${received}`);
  expect(paths).toContain('relations.readings nothing');
  expect(paths).toContain('views.clash.features label');
  expect(paths).toContain('views.clash.features last_x');
});
