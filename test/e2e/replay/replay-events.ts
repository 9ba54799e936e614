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
import { beginUs, weekUs } from './publish-events.ts';

export interface ReplayOptions {
  /** Folder that {@link publishEvents} filled. */
  folder: string;
  /** State for the lakes, empty. */
  stateUrl: string;
  /** It ends here, UTC microseconds. */
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
  const db = await openDatabase({ threads: 1 });
  const wholeTable = () => lake.tableSql({ base: null });
  return { source, lake, db, recent: await createRecentRows(db, { source, views, wholeTable }), seen: 0 };
}

/** Appends the week's batch and keeps its rows at hand. */
async function appendWeek(road: Road, folder: string, week: number, result: Replayed): Promise<void> {
  await road.db.run('DROP TABLE IF EXISTS week_rows');
  const path = join(folder, road.source.name, `week=${week}`, 'data_0.parquet');
  if (existsSync(path)) {
    const { outcome, accepted, quarantined } = await road.lake.append({ name: `week ${week}`, path }, 2e15);
    if (outcome !== 'accepted') throw new Error(`${road.source.name} ${week}: ${outcome}`);
    result.batches++;
    result.rows += accepted;
    result.quarantined += quarantined;
  }
  await road.db.run(`CREATE TABLE week_rows AS ${await road.lake.changesSql(road.seen)}`);
  road.seen = (await road.lake.head())?.snapshot.number ?? 0;
}

/** Makes visible online what was published since the tick before. */
async function tick(road: Road, store: OnlineStore, afterUs: number, atUs: number): Promise<void> {
  const rows = `SELECT * FROM week_rows WHERE epoch_us(_observed_at) > ${afterUs} AND epoch_us(_observed_at) <= ${atUs}`;
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
 * Replays what was published in event time: a batch a week goes through the lake, and at the cut-off of every flight to compare, to the minute,
 * what was published since the cut-off before and by then goes into an online store, only for the entities that it touches. Then the flight's
 * features are looked up and compared with those that were built in batch from the whole year.
 */
export async function replayEvents(options: ReplayOptions): Promise<Replayed> {
  const { folder, stateUrl, untilUs, db, asks } = options;
  const result: Replayed = {
    ...{ ticks: 0, batches: 0, rows: 0, quarantined: 0, compared: 0, cells: 0, appendMs: 0, tickMs: 0 },
    ...{ statuses: [], mismatches: [] },
  };
  const store = openSqliteStore(':memory:');
  await store.put(views.map((view) => ({ view: viewKey(view), atUs: beginUs, entities: [] })));
  const registers = views.filter(({ source }) => source.name === 'planes');
  await materialize(db, { views: registers, relations: { planes: 'planes' }, atUs: beginUs, store });
  const offline = new Map((await db.rows('SELECT * FROM joined')).map((row) => [String(row.row_id), row]));
  const roads = [await openRoad(flights, stateUrl), await openRoad(weather, stateUrl)];
  try {
    let beforeUs = beginUs - 1;
    for (let week = 0; beginUs + week * weekUs < untilUs; week++) {
      let startedMs = performance.now();
      for (const road of roads) await appendWeek(road, folder, week, result);
      result.appendMs += performance.now() - startedMs;
      startedMs = performance.now();
      const endUs = beginUs + (week + 1) * weekUs - 1;
      const due = asks.filter(({ cutoff_us }) => Number(cutoff_us) > beforeUs && Number(cutoff_us) <= endUs);
      const moments = new Set([...due.map(({ cutoff_us }) => Number(cutoff_us)), endUs]);
      for (const atUs of [...moments].sort((a, b) => a - b)) {
        for (const road of roads) await tick(road, store, beforeUs, atUs);
        for (const ask of due.filter(({ cutoff_us }) => Number(cutoff_us) === atUs)) {
          for (const road of roads) await refreshWindows(road, store, ask, atUs);
          await compare(store, ask, offline.get(String(ask.row_id)) as Row, result);
        }
        beforeUs = atUs;
        result.ticks++;
      }
      result.tickMs += performance.now() - startedMs;
      if (week % 4 === 3)
        console.log(`week ${week + 1}: ${result.compared} flights compared, ${result.mismatches.length} cells differ`);
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
