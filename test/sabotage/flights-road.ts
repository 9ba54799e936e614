import { join } from 'node:path';
import { microseconds } from '@repo/contract/duration';
import type { Lineage } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { type Database, openDatabase } from '@repo/datasets/database';
import { ingest } from '@repo/datasets/ingest';
import { quoteText } from '@repo/datasets/sql-text';
import { fitCategories } from '@repo/features/fit-categories';
import { joinFeatures } from '@repo/features/join-features';
import { type SplitName, splitNames, splitRange } from '@repo/pipeline/split-range';
import type { WorldSize } from './sabotage-model.ts';

/** Rows that the small world draws from each split: most for the test, as it is the test that gates decide on. */
const smallRows: Record<SplitName, number> = { train: 10_000, validate: 2000, test: 8000 };

/** The flights with their features as they were known two hours ahead, in a database. */
export interface FlightsRoad {
  database: Database;
  /** Relation of each source, by its name. */
  relations: Readonly<Record<string, string>>;
  /** Digest of each source's snapshot. */
  data: Lineage['data'];
  dataBeginsUs: number;
  categories: Record<string, string[]>;
  /** Table of the joined rows. */
  joined: string;
}

/** Draws the flights of each split by a hash of their key: equal flights for equal sizes, spread over all days. */
async function drawEvents(database: Database, model: Model, size: WorldSize): Promise<void> {
  const parts = splitNames.map((split) => {
    const { fromUs, toUs } = splitRange(model, split);
    const most = size === 'full' ? '' : `LIMIT ${smallRows[split]}`;
    return `(SELECT * FROM flights WHERE late IS NOT NULL AND epoch_us(scheduled_at) >= ${fromUs} AND epoch_us(scheduled_at) < ${toUs}
      ORDER BY md5(flight_id || 'a'), flight_id ${most})`;
  });
  await database.run(`CREATE TABLE drawn AS ${parts.join(' UNION ALL ')}`);
}

/** Ingests every source of a model into a folder, draws the events and joins them with the features point in time, as the stages do. */
export async function createFlightsRoad(model: Model, size: WorldSize, root: string): Promise<FlightsRoad> {
  const database = await openDatabase({ memoryMiB: 2048 });
  const data: Lineage['data'] = {};
  const sources = new Map([...model.features.map(({ source }) => source), model.events].map((s) => [s.name, s]));
  for (const source of sources.values()) {
    const snapshot = await ingest(source, { outDir: join(root, source.name) });
    data[source.name] = snapshot.digest;
    await database.run(`CREATE TABLE ${source.name} AS FROM ${quoteText(snapshot.dataPath)}`);
  }
  await drawEvents(database, model, size);
  const relations = Object.fromEntries([...sources.keys()].map((name) => [name, name]));
  const joined = 'joined';
  await joinFeatures(database, {
    events: 'drawn',
    rowId: model.events.key,
    time: model.events.eventTime as string,
    label: model.label.column,
    cutoff: { column: model.cutoff.column, leadUs: microseconds(model.cutoff.lead) },
    views: model.features,
    relations,
    into: joined,
  });
  const categories = await fitCategories(database, {
    table: joined,
    views: model.features,
    ...splitRange(model, 'train'),
  });
  const [begin] = await database.rows('SELECT min(epoch_us(scheduled_at)) AS first FROM flights');
  return {
    database,
    relations,
    data,
    dataBeginsUs: Number(begin?.first),
    categories,
    joined,
  };
}
