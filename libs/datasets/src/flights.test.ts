import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listValue } from '@duckdb/node-api';
import { parseInstant } from '@repo/contract/instant';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { flights } from '../../../features/flights/flights.ts';
import { planes } from '../../../features/flights/planes.ts';
import { weather } from '../../../features/weather/weather.ts';
import { type Database, openDatabase } from './database.ts';
import { ingest } from './ingest.ts';
import type { Snapshot } from './snapshot.ts';
import { validate } from './validate.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'catalogue-'));
const sources = { flights, planes, weather };
const snapshots: Record<string, Snapshot> = {};
let database: Database;

/** Path of a raw file, quotes doubled as within an SQL text. */
const rawPath = (name: string) => fileURLToPath(flights.raw[name] as URL).replaceAll("'", "''");

beforeAll(async () => {
  database = await openDatabase();
  for (const source of Object.values(sources)) {
    const snapshot = await ingest(source, { outDir: join(folder, source.name) });
    snapshots[source.name] = snapshot;
    await database.run(`CREATE VIEW ${source.name} AS SELECT * FROM '${snapshot.dataPath}'`);
  }
  await database.run(`CREATE VIEW raw_flights AS SELECT *, concat_ws('-', carrier, flight, origin,
    strftime(time_hour + to_minutes(minute::BIGINT), '%Y%m%dT%H%MZ')) AS flight_id FROM '${rawPath('flights')}'`);
});

afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** First row of a query with bigints as numbers. */
async function one(sql: string): Promise<Record<string, unknown>> {
  const [row = {}] = await database.rows(sql);
  return Object.fromEntries(Object.entries(row).map(([k, v]) => [k, typeof v === 'bigint' ? Number(v) : v]));
}

const clock = (hhmm: string) => `${hhmm}::INTEGER // 100 % 24 * 60 + ${hhmm}::INTEGER % 100`;
const minuteOfDay = (at: string) => `extract(hour FROM ${at}) * 60 + extract(minute FROM ${at})`;

test('every flight is kept, under its own id, cancelled and diverted ones with that outcome', async () => {
  expect(
    await one(`SELECT count(*) AS flights, count(DISTINCT flight_id) AS ids, count(*) FILTER (outcome = 'cancelled') AS cancelled,
      count(*) FILTER (outcome = 'diverted') AS diverted, count(landed_at) AS landed, count(late) AS labelled,
      count(*) FILTER (tailnum IS NULL) AS unassigned FROM flights`),
  ).toEqual({
    flights: 336_776,
    ids: 336_776,
    cancelled: 8255,
    diverted: 9430 - 8255,
    landed: 336_776 - 9430,
    labelled: 336_776 - 9430,
    unassigned: 2512,
  });
});

test('late arrivals are 24 % of the year, 13.7 % of September and 33.5 % of December', async () => {
  const month = (n: number) =>
    `avg(late::INTEGER) FILTER (extract(month FROM timezone('America/New_York', scheduled_at)) = ${n})`;
  const share = await one(`SELECT avg(late::INTEGER) AS y, ${month(9)} AS s, ${month(12)} AS d FROM flights`);
  expect(share.y).toBeCloseTo(0.245, 3);
  expect(share.s).toBeCloseTo(0.137, 3);
  expect(share.d).toBeCloseTo(0.335, 3);
});

test('every scheduled and every actual departure shows the recorded clock time in New York, 2400 and both clock changes included', async () => {
  const local = (at: string) => minuteOfDay(`timezone('America/New_York', ${at})`);
  expect(
    await one(`SELECT count(*) AS rows, count(*) FILTER (${local('scheduled_at')} <> ${clock('sched_dep_time')}) AS wrong_schedule,
      count(*) FILTER (${local('departed_at')} <> ${clock('dep_time')}) AS wrong_departure,
      count(*) FILTER (dep_time = 2400 AND ${local('departed_at')} = 0) AS midnights,
      count(*) FILTER (timezone('America/New_York', departed_at)::DATE > timezone('America/New_York', scheduled_at)::DATE) AS next_day,
      count(*) FILTER (month = 3 AND day = 10) AS in_march, count(*) FILTER (month = 11 AND day = 3) AS in_november
      FROM flights JOIN raw_flights USING (flight_id)`),
  ).toEqual({
    rows: 336_776,
    wrong_schedule: 0,
    wrong_departure: 0,
    midnights: 29,
    next_day: 1236,
    in_march: 908,
    in_november: 902,
  });
});

/** Its recorded 02:03 never was on the night of 10 March: the clock that was read had not moved yet. It landed at 03:03 daylight time. */
const unmovedClock = 'B6-35-JFK-20130310T0245Z';

test('every landing but one shows the recorded clock time at the destination, and gate to gate takes the time in the air and 5 to 235 minutes', async () => {
  const landing = minuteOfDay('(local_hour + (landed_at - hour))');
  expect(
    await one(`WITH places AS (SELECT faa, tzone FROM '${rawPath('airports')}' UNION ALL SELECT faa, tzone FROM '${rawPath('zones')}'),
      landed AS (SELECT flights.*, arr_time, tzone, date_trunc('hour', landed_at) AS hour
        FROM flights JOIN raw_flights USING (flight_id) JOIN places ON faa = flights.dest WHERE landed_at IS NOT NULL),
      clocks AS (SELECT *, timezone(tzone, hour) AS local_hour FROM (SELECT DISTINCT tzone, hour FROM landed))
      SELECT count(*) AS rows, list(flight_id) FILTER (${landing} <> ${clock('arr_time')}) AS wrong,
        min(date_diff('minute', departed_at, landed_at) - air_time) AS shortest,
        max(date_diff('minute', departed_at, landed_at) - air_time) AS longest,
        max(date_diff('minute', scheduled_at, scheduled_arrival_at)) AS longest_schedule
      FROM landed JOIN clocks USING (tzone, hour)`),
  ).toEqual({ rows: 327_346, wrong: listValue([unmovedClock]), shortest: 5, longest: 235, longest_schedule: 700 });
});

test('nothing is known before it happened, and every outcome is settled within two days of the schedule', async () => {
  expect(
    await one(`SELECT count(*) FILTER (settled_at < coalesce(landed_at, departed_at, scheduled_at)) AS early,
      max(date_diff('hour', scheduled_at, settled_at)) AS slowest FROM flights`),
  ).toEqual({ early: 0, slowest: 48 });
});

test('weather is published an hour after the hour it is filed under, on each side of both clock changes', async () => {
  expect(
    await one(`SELECT count(*) AS rows, count(*) FILTER (epoch_us(published_at) - epoch_us(observed_at) <> 3600000000) AS wrong,
      count(*) FILTER (origin = 'EWR' AND observed_at BETWEEN '2013-03-10 05:00:00+00' AND '2013-03-10 08:00:00+00') AS march,
      count(*) FILTER (origin = 'EWR' AND observed_at BETWEEN '2013-11-03 05:00:00+00' AND '2013-11-03 08:00:00+00') AS november FROM weather`),
  ).toEqual({ rows: 26_115, wrong: 0, march: 4, november: 4 });
});

test('a plane without a year is registered long before any flight', async () => {
  expect(
    await one(`SELECT count(*) AS planes, count(*) FILTER (built_at IS NULL) AS unknown, count(*) FILTER (built_at <> registered_at) AS apart,
      strftime(max(registered_at) FILTER (built_at IS NULL), '%Y-%m-%d') AS since FROM planes`),
  ).toEqual({ planes: 3322, unknown: 70, apart: 0, since: '1950-01-01' });
});

test('ingest lists the destinations whose zone airports.parquet lacks, and leaves none without', () => {
  expect(snapshots.flights?.manifest.notes).toEqual({
    'destinations whose time zone comes from zones.csv': [
      'BQN America/Puerto_Rico',
      'PSE America/Puerto_Rico',
      'SJU America/Puerto_Rico',
      'STT America/St_Thomas',
    ],
    'destinations without a time zone': [],
  });
});

test('no contract of the catalogue fails, and every warning is explained', async () => {
  const warnings: Record<string, number> = {};
  for (const source of Object.values(sources)) {
    const nowUs = parseInstant('2014-01-02T00:00:00Z', 'now');
    const report = await validate(source, join(folder, source.name), { nowUs });
    expect(report).toMatchObject({ verdict: 'warn', snapshot: snapshots[source.name]?.digest });
    for (const { ruleId, outcome, because, broken } of report.results) {
      if (outcome === 'pass') continue;
      expect({ ruleId, outcome, because }).toMatchObject({ outcome: 'warn', because: expect.any(String) });
      warnings[`${source.name} ${ruleId}`] = broken;
    }
  }
  expect(warnings).toEqual({
    'flights reference:dest': 7602,
    'flights reference:tailnum': 50_094,
    'flights nullShare:tailnum': 2512,
    'planes nullShare:built_at': 70,
    'weather softRange:wind_speed_mph': 1,
  });
});

test('judged from a later year, only freshness warns in addition', async () => {
  const report = await validate(weather, join(folder, 'weather'), { nowUs: parseInstant('2020-01-01', 'now') });
  const red = report.results.filter((r) => r.outcome !== 'pass').map((r) => r.ruleId);
  expect(red).toEqual(['freshness:observed_at', 'softRange:wind_speed_mph']);
});

test('a snapshot of another source is refused', async () => {
  await expect(validate(planes, join(folder, 'weather'), { nowUs: 0 })).rejects.toThrow(
    /received a snapshot of weather; allowed: a snapshot of planes/,
  );
});
