import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError } from '@repo/contract/input-error';
import { parseInstant } from '@repo/contract/instant';
import type { Rule } from '@repo/contract/rule';
import { defineSource, type Source } from '@repo/contract/source';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { checkRows } from './check-rows.ts';
import { type Database, openDatabase } from './database.ts';
import { openRawTables } from './raw-tables.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const nowUs = parseInstant('2013-01-06T00:00:00Z', 'now');
/** Folders whose names would end an SQL text that does not escape them, or add columns as partitions do. */
const folder = mkdtempSync(join(tmpdir(), "o'brien-"));
const dataFolder = join(folder, 'load=7', 'extra=1');
const dataPath = join(dataFolder, 'data.parquet');

const rules: Rule[] = [
  { kind: 'nullShare', column: 'delay', tolerance: 0.1 },
  { kind: 'hardRange', column: 'delay', min: -60, max: 600 },
  { kind: 'softRange', column: 'load', min: 0, max: 1 },
  { kind: 'categories', column: 'line', values: ['A', "B'; DROP TABLE trains; --", 'C'] },
  { kind: 'unique', columns: ['line', 'ticket'] },
  { kind: 'rowBand', min: 80, max: 120 },
  { kind: 'freshness', column: 'starts_at', within: '2d' },
  { kind: 'monotonic', column: 'starts_at' },
  { kind: 'noDuplicates' },
  { kind: 'check', name: 'stops_and_load', sql: 'stops > 0 OR load IS NULL', because: 'A full train stops somewhere' },
  { kind: 'reference', column: 'station', to: { table: 'stations', column: 'code' } },
];

function trains(given: Rule[] = rules): Source {
  return defineSource({
    name: 'trains',
    about: 'Trains of a made-up line',
    owner: 'tests',
    licence: 'CC0-1.0',
    key: ['id'],
    eventTime: 'starts_at',
    columns: {
      id: { type: 'integer', about: 'Id' },
      line: { type: 'text', nullable: true, about: 'Line' },
      station: { type: 'text', nullable: true, about: 'Station' },
      ticket: { type: 'text', nullable: true, about: 'Ticket' },
      starts_at: { type: 'instant', about: 'Start' },
      delay: { type: 'integer', nullable: true, about: 'Delay, minutes' },
      load: { type: 'number', nullable: true, about: 'Share of seats taken' },
      stops: { type: 'integer', about: 'Stops' },
    },
    raw: { stations: pathToFileURL(join(folder, 'stations.csv')) },
    sql: 'SELECT 1',
    rules: given,
  });
}

let database: Database;
beforeAll(async () => {
  mkdirSync(dataFolder, { recursive: true });
  writeFileSync(join(folder, 'stations.csv'), 'code\nN\nS\n');
  database = await openDatabase();
  await openRawTables(database, trains(), {});
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes 100 clean rows (nulls wherever they are allowed, values on every bound) with `damage` done to them. */
async function write(...damage: string[]): Promise<void> {
  await database.run(`CREATE OR REPLACE TABLE memory.main.trains AS SELECT
    i AS place, i AS id, CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN 'A' WHEN 2 THEN 'B''; DROP TABLE trains; --' ELSE 'C' END AS line,
    CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN 'N' ELSE 'S' END AS station, CASE WHEN i % 5 > 0 THEN 'T' || i END AS ticket,
    TIMESTAMPTZ '2013-01-01 00:00:00+00' + to_hours(i // 2 * 2) AS starts_at,
    CASE WHEN i % 10 > 0 THEN -60 + (i % 12) * 60 END::BIGINT AS delay, CASE WHEN i % 7 > 0 THEN (i % 5) / 4 END AS load, 1 + i % 9 AS stops
    FROM range(100) t(i)`);
  for (const sql of damage) await database.run(sql.replaceAll('trains', 'memory.main.trains'));
  await database.run(`COPY (SELECT * EXCLUDE place FROM memory.main.trains ORDER BY place)
    TO '${dataPath.replaceAll("'", "''")}' (FORMAT parquet)`);
}

const check = async (source = trains()) => (await checkRows(database, source, dataPath, nowUs)).results;
const red = (results: Awaited<ReturnType<typeof check>>) =>
  results.filter((r) => ['warn', 'fail'].includes(r.outcome)).map((r) => `${r.outcome} ${r.ruleId}`);

test('clean rows turn no rule red, and every kind of rule runs', async () => {
  await write();
  const results = await check();
  expect(red(results)).toEqual([]);
  expect(results.map((r) => r.outcome)).not.toContain('skipped');
  expect(new Set(results.map((r) => r.kind))).toEqual(new Set(['presence', 'type', ...rules.map((rule) => rule.kind)]));
});

test.each([
  ['a missing column', 'fail presence', 'ALTER TABLE trains DROP COLUMN load'],
  ['a column that nobody declared', 'fail presence', 'ALTER TABLE trains ADD COLUMN extra INTEGER'],
  ['a column of another type', 'fail type', 'ALTER TABLE trains ALTER COLUMN stops TYPE VARCHAR'],
  ['an instant without zone', 'fail type', 'ALTER TABLE trains ALTER COLUMN starts_at TYPE TIMESTAMP'],
  ['a null where none may be', 'fail nullShare:stops', 'UPDATE trains SET stops = NULL WHERE place = 7'],
  ['one null more than tolerated', 'fail nullShare:delay', 'UPDATE trains SET delay = NULL WHERE place = 7'],
  ['a value under the hard range', 'fail hardRange:delay', 'UPDATE trains SET delay = -61 WHERE place = 7'],
  ['a value over the hard range', 'fail hardRange:delay', 'UPDATE trains SET delay = 601 WHERE place = 7'],
  ['a value out of the soft range', 'warn softRange:load', 'UPDATE trains SET load = 1.0001 WHERE place = 8'],
  ['not a number', 'warn softRange:load', "UPDATE trains SET load = 'NaN' WHERE place = 8"],
  ['an infinity', 'warn softRange:load', "UPDATE trains SET load = '-Infinity' WHERE place = 8"],
  ['an unseen category', 'fail categories:line', "UPDATE trains SET line = 'a' WHERE place = 7"],
  ['two equal keys', 'fail unique:line+ticket', "UPDATE trains SET line = 'A', ticket = 'T1' WHERE place = 77"],
  ['too few rows', 'fail rowBand', 'DELETE FROM trains WHERE place % 4 = 0 AND place < 84'],
  [
    'too many rows',
    'fail rowBand',
    'INSERT INTO trains SELECT * REPLACE (id + 1000 AS id, NULL AS ticket, 0 AS delay) FROM trains WHERE place < 21',
  ],
  ['old rows', 'fail freshness:starts_at', 'UPDATE trains SET starts_at = starts_at - INTERVAL 2 DAY'],
  [
    'a time that falls',
    'fail monotonic:starts_at',
    'UPDATE trains SET starts_at = starts_at - INTERVAL 1 DAY WHERE place = 50',
  ],
  ['a row twice', 'fail noDuplicates', 'INSERT INTO trains SELECT * FROM trains WHERE place = 5'],
  ['a false cross-column rule', 'fail check:stops_and_load', 'UPDATE trains SET stops = 0 WHERE place = 8'],
  ['a value unknown elsewhere', 'fail reference:station', "UPDATE trains SET station = 'X' WHERE place = 7"],
])('%s turns one rule red and no other: %s', async (_, expected, damage) => {
  await write(damage);
  expect(red(await check())).toEqual([expected]);
});

test('rules whose column is missing are skipped with a word on it', async () => {
  await write('ALTER TABLE trains DROP COLUMN load');
  const skipped = (await check()).filter((r) => r.outcome === 'skipped');
  expect(skipped.map((r) => [r.ruleId, r.detail])).toEqual([
    ['softRange:load', 'needs load'],
    ['check:stops_and_load', 'needs load'],
  ]);
});

test('presence and type name the columns', async () => {
  await write('ALTER TABLE trains DROP COLUMN load', 'ALTER TABLE trains ALTER COLUMN stops TYPE VARCHAR');
  const [presence, type] = await check();
  expect(presence?.examples).toEqual([{ column: 'load', declared: 'number', found: null }]);
  expect(type?.examples).toEqual([{ column: 'stops', declared: 'integer', found: 'text' }]);
});

test('a broken rule shows at most 20 failing rows in file order, and its count, share and reason', async () => {
  await write('UPDATE trains SET stops = 0 WHERE load IS NOT NULL AND place >= 50');
  const result = (await check()).find((r) => r.ruleId === 'check:stops_and_load');
  expect(result).toMatchObject({ broken: 43, share: 0.43, tolerance: 0, because: 'A full train stops somewhere' });
  expect(result?.examples).toHaveLength(20);
  expect(result?.examples[0]).toEqual({
    _row: 50,
    id: 50,
    line: "B'; DROP TABLE trains; --",
    station: 'S',
    ticket: null,
    starts_at: '2013-01-03T02:00:00Z',
    delay: null,
    load: 0,
    stops: 0,
  });
  const rows = result?.examples.map((row) => row._row as number) ?? [];
  expect(rows).toEqual(rows.toSorted((a, b) => a - b));
});

test('equal keys show every row of the group but count those beyond the first', async () => {
  await write("UPDATE trains SET line = 'A', ticket = 'T1' WHERE place IN (77, 78)");
  const result = (await check()).find((r) => r.kind === 'unique');
  expect(result?.broken).toBe(2);
  expect(result?.examples.map((row) => row._row)).toEqual([1, 77, 78]);
});

test('unseen categories are listed by frequency, with their rows', async () => {
  await write("UPDATE trains SET line = 'Y' WHERE place IN (3, 4)", "UPDATE trains SET line = 'X' WHERE place = 5");
  const result = (await check()).find((r) => r.kind === 'categories');
  expect(result).toMatchObject({ broken: 3, share: 0.03, detail: 'unseen: Y (2), X (1)' });
  expect(result?.examples.map((row) => row._row)).toEqual([3, 4, 5]);
});

test('severity and tolerance are the rule’s own', async () => {
  await write('UPDATE trains SET stops = 99 WHERE place < 3');
  const rule: Rule = { kind: 'hardRange', column: 'stops', min: null, max: 9 };
  expect(red(await check(trains([rule])))).toEqual(['fail hardRange:stops']);
  expect(red(await check(trains([{ ...rule, severity: 'warn' }])))).toEqual(['warn hardRange:stops']);
  expect(red(await check(trains([{ ...rule, tolerance: 0.03 }])))).toEqual([]);
  expect(red(await check(trains([{ ...rule, tolerance: 0.0299 }])))).toEqual(['fail hardRange:stops']);
});

test('a range over instants is in UTC microseconds', async () => {
  await write();
  const range = (max: number): Rule => ({ kind: 'hardRange', column: 'starts_at', min: null, max });
  const last = parseInstant('2013-01-05T02:00:00Z', 'last');
  expect(red(await check(trains([range(last)])))).toEqual([]);
  expect(red(await check(trains([range(last - 1)])))).toEqual(['fail hardRange:starts_at']);
});

test('a newest value exactly as old as allowed is fresh, and a microsecond older is not', async () => {
  await write();
  const rule: Rule = { kind: 'freshness', column: 'starts_at', within: '2d' };
  const limit = parseInstant('2013-01-07T02:00:00Z', 'limit');
  const at = async (us: number) => red((await checkRows(database, trains([rule]), dataPath, us)).results);
  expect(await at(limit)).toEqual([]);
  expect(await at(limit + 1)).toEqual(['fail freshness:starts_at']);
});

test('no rows at all are too few and not fresh, and nothing else', async () => {
  await write('DELETE FROM trains');
  expect(red(await check())).toEqual(['fail rowBand', 'fail freshness:starts_at']);
});

test('a check takes one scan, one more for each categorical, and one look for each broken rule', async () => {
  await write('UPDATE trains SET stops = 0', "UPDATE trains SET station = 'X' WHERE place = 7");
  const statements: string[] = [];
  const counting: Database = {
    ...database,
    rows: (sql, parameters) => {
      statements.push(sql);
      return database.rows(sql, parameters);
    },
  };
  const two = trains([...rules, { kind: 'categories', column: 'station', values: ['N', 'S', 'X'] }]);
  const { results } = await checkRows(counting, two, dataPath, nowUs);
  expect(red(results)).toHaveLength(2);
  const kindOf = (sql: string) =>
    /^DESCRIBE/.exec(sql)?.[0] ?? /GROUP BY|_failing|count\(\*\) AS _rows/.exec(sql)?.[0] ?? 'another';
  expect(statements.map(kindOf).toSorted()).toEqual(
    ['DESCRIBE', 'count(*) AS _rows', 'GROUP BY', 'GROUP BY', '_failing', '_failing'].toSorted(),
  );
});

test('a check whose SQL does not run is refused with its name', async () => {
  await write();
  const error = await check(trains([{ kind: 'check', name: 'typo', sql: 'stopps > 0' }])).catch((reason) => reason);
  expect(error).toBeInstanceOf(InputError);
  expect(error.message).toMatch(/trains\.rules.*stopps.*check:typo/s);
});
