// budget: 1200 s
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deriveContract } from '@repo/contract/derive-contract';
import { microseconds } from '@repo/contract/duration';
import { featureStatuses } from '@repo/contract/model-contract';
import { type Database, openDatabase, type Row } from '@repo/datasets/database';
import { ingest } from '@repo/datasets/ingest';
import { quoteText } from '@repo/datasets/sql-text';
import { joinFeatures } from '@repo/features/join-features';
import { afterAll, beforeAll, expect, test } from 'vitest';
import flightDelay from '../../models/flight-delay/model.ts';
import { publishEvents } from './replay/publish-events.ts';
import { type Replayed, replayEvents } from './replay/replay-events.ts';

const folder = mkdtempSync(join(tmpdir(), 'replay-'));
const sources = new Map(flightDelay.features.map(({ source }) => [source.name, source]));
const relations = Object.fromEntries([...sources.keys()].map((name) => [name, name]));
const leadUs = microseconds(flightDelay.cutoff.lead);
const begin = '2013-01-01';
let db: Database;

beforeAll(async () => {
  db = await openDatabase();
  for (const source of sources.values()) {
    const { dataPath } = await ingest(source, { outDir: join(folder, source.name) });
    await db.run(`CREATE TABLE ${source.name} AS FROM ${quoteText(dataPath)}`);
  }
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** Draws flights by a fixed seed and builds their features in batch, from the whole year. */
async function drawFlights(count: number, from: string, until: string): Promise<Row[]> {
  await db.run(`CREATE OR REPLACE TABLE asks AS SELECT * FROM flights
    WHERE scheduled_at - INTERVAL 2 HOUR >= ${quoteText(from)} AND scheduled_at - INTERVAL 2 HOUR < ${quoteText(until)}
    ORDER BY md5(flight_id || 'replay') LIMIT ${count}`);
  await joinFeatures(db, {
    ...{ events: 'asks', rowId: ['flight_id'], time: 'scheduled_at', label: 'late', into: 'joined' },
    ...{ cutoff: { column: flightDelay.cutoff.column, leadUs }, views: flightDelay.features, relations },
  });
  const contract = deriveContract(flightDelay, { dataBeginsUs: 0, categories: {} });
  const columns = contract.request.map(({ name, type }) =>
    type === 'instant' ? `epoch_us(${name}) AS ${name}` : name,
  );
  return db.rows(
    `SELECT flight_id AS row_id, epoch_us(scheduled_at) - ${leadUs} AS cutoff_us, ${columns.join(', ')} FROM asks`,
  );
}

let runs = 0;
async function replay(before: string, asks: readonly Row[], lateFlight: string | null = null): Promise<Replayed> {
  const own = join(folder, `run-${++runs}`);
  await publishEvents(db, { folder: join(own, 'published'), before, lateFlight });
  const stateUrl = `file:${join(own, 'state')}`;
  const replayed = await replayEvents({
    folder: join(own, 'published'),
    stateUrl,
    untilUs: Date.parse(before) * 1000,
    db,
    asks,
  });
  const { ticks, batches, rows, compared, cells, mismatches, appendMs, tickMs } = replayed;
  console.log(
    `${begin} to ${before}: ${rows} rows in ${batches} batches (${(appendMs / batches).toFixed(0)} ms each), ${ticks} ticks (${(tickMs / ticks).toFixed(0)} ms each); ` +
      `${compared} flights, ${cells} features and statuses compared, ${mismatches.length} differ`,
  );
  return replayed;
}

test('in the first week of 2013, one departure that is published late is found, and nothing without it', async () => {
  const asks = await drawFlights(60, '2013-01-07', '2013-01-08');
  const clean = await replay('2013-01-08', asks);
  expect(clean.mismatches.slice(0, 5)).toEqual([]);
  expect(clean.compared).toBe(60);
  const [ask] = asks.toSorted((a, b) => Number(b.cutoff_us) - Number(a.cutoff_us));
  const [before] = await db.rows(
    `SELECT flight_id FROM flights WHERE origin = $1 AND epoch_us(departed_at) BETWEEN $2 - 3600000000 AND $2 ORDER BY departed_at DESC LIMIT 1`,
    [String(ask?.origin), Number(ask?.cutoff_us)],
  );
  const late = await replay('2013-01-08', asks, String(before?.flight_id));
  expect(late.mismatches.length).toBeGreaterThan(0);
});

test('2013 replayed as it was published gives online what the batch join gives, for 1,000 random flights, to the last bit', async () => {
  const asks = await drawFlights(1000, '2013-01-01', '2013-12-31');
  const replayed = await replay('2014-01-01', asks);
  expect(replayed.mismatches.slice(0, 5)).toEqual([]);
  expect(replayed.quarantined).toBe(0);
  expect(replayed.compared).toBe(1000);
  expect(replayed.statuses.sort()).toEqual([...featureStatuses].sort());
});
