import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { deriveContract } from '@repo/contract/derive-contract';
import { featureStatuses } from '@repo/contract/model-contract';
import type { PredictionRequest } from '@repo/contract/prediction-request';
import type { Source } from '@repo/contract/source';
import type { LookedUpViewSpec, View } from '@repo/contract/view';
import { type Database, openDatabase, type Row } from '@repo/datasets/database';
import { type Lake, openLake } from '@repo/datasets/open-lake';
import { lookUp } from '@repo/features/look-up';
import { materialize } from '@repo/features/materialize';
import { type OnlineStore, viewKey } from '@repo/features/online-store';
import { createRecentRows, type RecentRows } from '@repo/features/recent-rows';
import { refreshEntities } from '@repo/features/refresh-entities';
import { openSqliteStore } from '@repo/features/sqlite-store';
import { flights } from '../../../features/flights/flights.ts';
import { weather } from '../../../features/weather/weather.ts';
import flightDelay from '../../../models/flight-delay/model.ts';

const dayUs = 86_400e6;
const hourUs = 3600e6;

export interface ReplayOptions {
  /** Folder that {@link publishEvents} filled. */
  folder: string;
  /** State for the lakes, empty. */
  stateUrl: string;
  /** First and last day, UTC microseconds. */
  fromUs: number;
  untilUs: number;
  /** Database with the table `planes`, and `joined` with the batch-built features of the flights to compare. */
  db: Database;
  /** The flights to compare, with `cutoff_us` and `row_id`, and the columns of a request. */
  asks: readonly Row[];
}

/** What a replay did. */
export interface Replayed {
  ticks: number;
  batches: number;
  rows: number;
  quarantined: number;
  compared: number;
  cells: number;
  statuses: string[];
  /** Every cell that differs: flight, feature, online, batch. */
  mismatches: string[];
  appendMs: number;
  tickMs: number;
}

/** One source that is replayed. */
interface Road {
  source: Source;
  lake: Lake;
  db: Database;
  recent: RecentRows;
  seen: number;
}

const views = flightDelay.features.filter(({ spec }) => spec.kind !== 'request') as View<LookedUpViewSpec>[];
const contract = deriveContract(flightDelay, { dataBeginsUs: 0, categories: {} });

async function openRoad(source: Source, stateUrl: string): Promise<Road> {
  const lake = openLake({ source, stateUrl, workspaceDir: '/' });
  const db = await openDatabase();
  const wholeTable = () => lake.tableSql({ base: null });
  return { source, lake, db, recent: await createRecentRows(db, { source, views, wholeTable }), seen: 0 };
}

/** Appends the day's batch and keeps its rows at hand. */
async function appendDay(road: Road, folder: string, day: string, result: Replayed): Promise<void> {
  await road.db.run('DROP TABLE IF EXISTS day_rows');
  const path = join(folder, road.source.name, `day=${day}`, 'data_0.parquet');
  if (existsSync(path)) {
    const { outcome, accepted, quarantined } = await road.lake.append({ name: day, path }, 2e15);
    if (outcome !== 'accepted') throw new Error(`${road.source.name} ${day}: ${outcome}`);
    result.batches++;
    result.rows += accepted;
    result.quarantined += quarantined;
  }
  await road.db.run(`CREATE TABLE day_rows AS ${await road.lake.changesSql(road.seen)}`);
  road.seen = (await road.lake.head())?.snapshot.number ?? 0;
}

/** Makes visible online what was published since the tick before. */
async function tick(road: Road, store: OnlineStore, afterUs: number, atUs: number): Promise<void> {
  const rows = `SELECT * FROM day_rows WHERE epoch_us(_observed_at) > ${afterUs} AND epoch_us(_observed_at) <= ${atUs}`;
  const { entities, relation } = await road.recent.apply(rows, atUs);
  const relations = { [road.source.name]: relation };
  const own = views.filter((view) => view.source.name === road.source.name);
  await refreshEntities(road.db, { views: own, relations, atUs, store, entities });
}

/** What changes with time alone, the windows, is made new for the flight at its cut-off. */
async function refreshWindows(road: Road, store: OnlineStore, ask: Row, atUs: number): Promise<void> {
  const own = views.filter(({ spec, source }) => spec.kind === 'window' && source.name === road.source.name);
  const entities = Object.fromEntries(
    own.map(({ spec }) => [spec.name, [spec.entity.map((name) => String(ask[name]))]]),
  );
  await refreshEntities(road.db, {
    views: own,
    relations: { [road.source.name]: 'recent_rows' },
    atUs,
    store,
    entities,
  });
}

async function compare(store: OnlineStore, ask: Row, offline: Row, result: Replayed): Promise<void> {
  const { cutoff_us, row_id, ...fields } = ask;
  const request = Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
  ) as PredictionRequest;
  const online = await lookUp(contract, request, store);
  if (online.readAtUs !== Number(cutoff_us)) result.mismatches.push(`${row_id} was read at ${online.readAtUs}`);
  for (const { name, value, status: shown } of online.features) {
    // No categories are fitted here, so that every category is unlisted online.
    const status = typeof value === 'string' ? 'ok' : shown;
    const [expected, expectedStatus] = [offline[name], featureStatuses[Number(offline[`${name}__status`])]];
    result.cells++;
    if (!result.statuses.includes(status)) result.statuses.push(status);
    if (!Object.is(value, expected) || status !== expectedStatus)
      result.mismatches.push(`${row_id} ${name}: online ${value} ${status}, batch ${expected} ${expectedStatus}`);
  }
  result.compared++;
}

/**
 * Replays what was published in event time: a batch a day goes through the lake, and every hour and at the cut-off of every flight to compare,
 * what was published by then goes into an online store, only for the entities that it touches. At its cut-off a flight's features are
 * looked up and compared with those that were built in batch from the whole year.
 */
export async function replayEvents(options: ReplayOptions): Promise<Replayed> {
  const { folder, stateUrl, fromUs, untilUs, db, asks } = options;
  const result: Replayed = {
    ...{ ticks: 0, batches: 0, rows: 0, quarantined: 0, compared: 0, cells: 0, appendMs: 0, tickMs: 0 },
    ...{ statuses: [], mismatches: [] },
  };
  const store = openSqliteStore(':memory:');
  await store.put(views.map((view) => ({ view: viewKey(view), atUs: fromUs, entities: [] })));
  const registers = views.filter(({ source }) => source.name === 'planes');
  await materialize(db, { views: registers, relations: { planes: 'planes' }, atUs: fromUs, store });
  const offline = new Map((await db.rows('SELECT * FROM joined')).map((row) => [String(row.row_id), row]));
  const roads = [await openRoad(flights, stateUrl), await openRoad(weather, stateUrl)];
  try {
    let beforeUs = fromUs - 1;
    for (let dawnUs = fromUs; dawnUs < untilUs; dawnUs += dayUs) {
      let startedMs = performance.now();
      const day = new Date(dawnUs / 1000).toISOString().slice(0, 10);
      for (const road of roads) await appendDay(road, folder, day, result);
      result.appendMs += performance.now() - startedMs;
      startedMs = performance.now();
      const due = asks.filter(
        ({ cutoff_us }) => Number(cutoff_us) > beforeUs && Number(cutoff_us) <= dawnUs + dayUs - 1,
      );
      const hours = Array.from({ length: 24 }, (_, hour) => dawnUs + (hour + 1) * hourUs - 1);
      const moments = [...new Set([...hours, ...due.map(({ cutoff_us }) => Number(cutoff_us))])].sort((a, b) => a - b);
      for (const atUs of moments) {
        for (const road of roads) await tick(road, store, beforeUs, atUs);
        for (const ask of due.filter(({ cutoff_us }) => Number(cutoff_us) === atUs)) {
          for (const road of roads) await refreshWindows(road, store, ask, atUs);
          await compare(store, ask, offline.get(String(ask.row_id)) as Row, result);
        }
        beforeUs = atUs;
        result.ticks++;
      }
      result.tickMs += performance.now() - startedMs;
    }
    return result;
  } finally {
    for (const road of roads) {
      await road.lake.close();
      road.db.close();
    }
    store.close();
  }
}
