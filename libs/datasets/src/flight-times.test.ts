import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { flights } from '../../../features/flights/flights.ts';
import { openDatabase } from './database.ts';
import { ingest } from './ingest.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

const folder = mkdtempSync(join(tmpdir(), 'flight-times-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface RawFlight {
  /** The scheduled hour in UTC, `YYYY-MM-DD HH`. */
  hour: string;
  sched_dep_time: number;
  dep_time: number | null;
  dep_delay: number | null;
  dest: string;
  sched_arr_time: number;
  arr_delay: number | null;
}

/** Ingests one made-up flight from JFK and reads its times in UTC. */
async function timesOf(flight: RawFlight): Promise<Record<string, unknown>> {
  const { hour, ...rest } = flight;
  const path = join(folder, 'flights.jsonl');
  const row = {
    carrier: 'XX',
    flight: 1,
    origin: 'JFK',
    tailnum: null,
    distance: 100,
    air_time: null,
    time_hour: `${hour}:00:00`,
  };
  writeFileSync(path, `${JSON.stringify({ ...row, ...rest })}\n`);
  const { dataPath, manifest } = await ingest(flights, { outDir: join(folder, 'out'), files: { flights: path } });
  const database = await openDatabase();
  try {
    const utc = (name: string) => `strftime(${name}, '%Y-%m-%d %H:%M') AS ${name}`;
    const instants = ['scheduled_at', 'departed_at', 'scheduled_arrival_at', 'landed_at', 'settled_at']
      .map(utc)
      .join(', ');
    const [times = {}] = await database.rows(`SELECT ${instants}, outcome, late FROM '${dataPath}'`);
    return { ...times, unzoned: manifest.notes['destinations without a time zone'] };
  } finally {
    database.close();
  }
}

const raw: RawFlight = {
  hour: '2013-07-01 22',
  sched_dep_time: 1815,
  dep_time: 1815,
  dep_delay: 0,
  dest: 'LAX',
  sched_arr_time: 2115,
  arr_delay: 0,
};

test('a flight west lands by the clock of its destination', async () => {
  expect(await timesOf({ ...raw, dep_time: 1830, dep_delay: 15, arr_delay: 14 })).toMatchObject({
    scheduled_at: '2013-07-01 22:15',
    departed_at: '2013-07-01 22:30',
    scheduled_arrival_at: '2013-07-02 04:15',
    landed_at: '2013-07-02 04:29',
    settled_at: '2013-07-02 04:29',
    outcome: 'completed',
    late: false,
  });
});

test('a red-eye arrives on the next day, and 15 minutes are late', async () => {
  const redEye = {
    hour: '2013-07-02 03',
    sched_dep_time: 2345,
    dep_time: 2400,
    dep_delay: 15,
    dest: 'SJU',
    sched_arr_time: 325,
  };
  expect(await timesOf({ ...raw, ...redEye, arr_delay: 15 })).toMatchObject({
    scheduled_at: '2013-07-02 03:45',
    departed_at: '2013-07-02 04:00',
    scheduled_arrival_at: '2013-07-02 07:25',
    landed_at: '2013-07-02 07:40',
    late: true,
  });
});

test('2400 as a scheduled arrival is midnight at the end of the day', async () => {
  expect(await timesOf({ ...raw, sched_arr_time: 2400 })).toMatchObject({ scheduled_arrival_at: '2013-07-02 07:00' });
});

test('a departure delayed past the skipped hour of 10 March keeps its length', async () => {
  const delayed = {
    hour: '2013-03-10 06',
    sched_dep_time: 130,
    dep_time: 305,
    dep_delay: 35,
    dest: 'BOS',
    sched_arr_time: 345,
  };
  expect(await timesOf({ ...raw, ...delayed })).toMatchObject({
    scheduled_at: '2013-03-10 06:30',
    departed_at: '2013-03-10 07:05',
    scheduled_arrival_at: '2013-03-10 07:45',
  });
});

test('a departure delayed into the repeated hour of 3 November keeps its length', async () => {
  const delayed = {
    hour: '2013-11-03 05',
    sched_dep_time: 140,
    dep_time: 110,
    dep_delay: 30,
    dest: 'BOS',
    sched_arr_time: 245,
  };
  expect(await timesOf({ ...raw, ...delayed })).toMatchObject({
    scheduled_at: '2013-11-03 05:40',
    departed_at: '2013-11-03 06:10',
    scheduled_arrival_at: '2013-11-03 07:45',
  });
});

test('an arrival in the repeated hour is its first pass, or the second when the flight leaves in between', async () => {
  const night = { hour: '2013-11-03 03', sched_dep_time: 2330, dest: 'BOS', sched_arr_time: 130 };
  expect(await timesOf({ ...raw, ...night })).toMatchObject({ scheduled_arrival_at: '2013-11-03 05:30' });
  const later = { hour: '2013-11-03 05', sched_dep_time: 150, dest: 'BOS', sched_arr_time: 130 };
  expect(await timesOf({ ...raw, ...later })).toMatchObject({ scheduled_arrival_at: '2013-11-03 06:30' });
});

test('a red-eye into a zone without clock changes is not moved by New York’s', async () => {
  const spring = { hour: '2013-03-10 04', sched_dep_time: 2359, dest: 'SJU', sched_arr_time: 438 };
  expect(await timesOf({ ...raw, ...spring })).toMatchObject({
    scheduled_at: '2013-03-10 04:59',
    scheduled_arrival_at: '2013-03-10 08:38',
  });
});

test('a cancelled and a diverted flight have no landing and are settled two days after the schedule', async () => {
  const never = { dep_time: null, dep_delay: null, arr_delay: null };
  expect(await timesOf({ ...raw, ...never })).toMatchObject({
    outcome: 'cancelled',
    departed_at: null,
    landed_at: null,
    late: null,
    settled_at: '2013-07-03 22:15',
  });
  expect(await timesOf({ ...raw, arr_delay: null })).toMatchObject({
    outcome: 'diverted',
    departed_at: '2013-07-01 22:15',
    landed_at: null,
    late: null,
    settled_at: '2013-07-03 22:15',
  });
});

test('a destination without a zone is listed, and its flight has no arrival instead of a wrong one', async () => {
  expect(await timesOf({ ...raw, dest: 'XYZ' })).toMatchObject({
    unzoned: ['XYZ'],
    scheduled_arrival_at: null,
    landed_at: null,
  });
});
