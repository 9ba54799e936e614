import { microseconds } from '@repo/contract/duration';
import type { InstantUs } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import type { LookedUpViewSpec, View } from '@repo/contract/view';
import type { Database } from '@repo/datasets/database';
import { isLookedUp } from './as-of-view.ts';
import type { EntityValues } from './online-store.ts';
import { sqlName } from './sql-name.ts';

export interface RecentRowsOptions {
  source: Source;
  /** Views of the source; others are left out. */
  views: readonly View[];
  /** Relation of the whole table with `_observed_at`, as the lake gives it; asked for when it is needed. */
  wholeTable: () => Promise<string>;
}

/** What rows that came changed. */
export interface Touched {
  /** By name of the view, its entities whose value may be another now. */
  entities: Record<string, EntityValues[]>;
  /** Relation that has all the rows which these values need. */
  relation: string;
}

/** The part of a source's table that can still matter to its views, kept in a database, so that a batch costs what the batch is big. */
export interface RecentRows {
  /**
   * Holds what a table has within reach of a moment, and forgets what it held: before the first rows come, so that these are told from what was there,
   * and do not wait for it. Values are asked for as of this moment or a later one.
   */
  load(table: string, atUs: InstantUs): Promise<void>;
  /**
   * Takes rows that became visible, as a SELECT with the source's columns and `_observed_at`: for each key the row that was observed last
   * counts, of two at one moment the one that came last. `atUs` is the moment up to which rows are known; it never goes back.
   */
  apply(select: string, atUs: InstantUs): Promise<Touched>;
}

/** How far back from a moment a view's values reach, in microseconds. */
export const reachUs = ({ spec }: View<LookedUpViewSpec>): number =>
  microseconds(spec.kind === 'window' ? spec.window : spec.ttl);

const [recent, incoming, replaced] = ['recent_rows', 'incoming_rows', 'replaced_rows'];

/** Makes {@link RecentRows} in a database of their own. Where nothing was loaded, the first rows that come also bring what the whole table holds within reach. */
export async function createRecentRows(
  db: Database,
  { source, views, wholeTable }: RecentRowsOptions,
): Promise<RecentRows> {
  const own = views.filter((view) => isLookedUp(view) && view.source.name === source.name) as View<LookedUpViewSpec>[];
  const reach = Math.max(0, ...own.map(reachUs));
  const key = source.key.map(sqlName).join(', ');
  const columns = [...Object.keys(source.columns), '_observed_at'].map(sqlName).join(', ');
  const events = [...new Set(own.map(({ spec }) => spec.event))];
  const newest = `QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY _observed_at DESC NULLS LAST) = 1`;
  /** Whether a row happened at or after a moment, by the event of any view. */
  const since = (us: number, table = '') =>
    `(${events.map((name) => `coalesce(epoch_us(${table}${sqlName(name)}) >= ${us}, false)`).join(' OR ') || 'false'})`;
  /** What happened since then is held; null before anything is. */
  let heldUs: InstantUs | null = null;
  let prunedUs = Number.NEGATIVE_INFINITY;

  const load = async (table: string, atUs: InstantUs) => {
    const fromUs = atUs - reach;
    await db.run(`CREATE OR REPLACE TABLE ${recent} AS SELECT ${columns} FROM ${table} WHERE ${since(fromUs)}`);
    heldUs = fromUs;
    return fromUs;
  };

  const changed = `(SELECT * FROM ${incoming} UNION ALL BY NAME SELECT * FROM ${replaced})`;
  const entityLists = own.map(({ spec }, i) => {
    const names = spec.entity.map(sqlName);
    const known = [...names, sqlName(spec.event)].map((name) => `${name} IS NOT NULL`).join(' AND ');
    return `(SELECT list(DISTINCT [${names.map((name) => `CAST(${name} AS VARCHAR)`).join(', ')}]) FROM ${changed} WHERE ${known}) AS t${i}`;
  });

  /** Rows of an entity that are gone, or came too late for what is kept here, leave values that only the whole table knows. */
  const needsWhole = (fromUs: number): string => {
    const happened = events.map((name) => `epoch_us(${sqlName(name)})`);
    const late = `greatest(${[...happened, 'NULL'].join(', ')}) < ${fromUs}`;
    const parts = [...new Set(own.flatMap(({ spec }) => [...spec.entity, spec.event]))].map(sqlName);
    const moved = parts.map((name) => `(o.${name} IS NOT NULL AND o.${name} IS DISTINCT FROM i.${name})`).join(' OR ');
    return `EXISTS (SELECT 1 FROM ${incoming} WHERE ${late}) OR
      EXISTS (SELECT 1 FROM ${replaced} o JOIN ${incoming} i USING (${key}) WHERE ${moved || 'false'}) AS whole`;
  };

  const look = async (fromUs: number) => {
    const [row] = await db.rows(`SELECT ${[...entityLists, needsWhole(fromUs)].join(', ')}`);
    const lists = own.map(({ spec }, i) => {
      const list = row?.[`t${i}`] as { items: readonly { items: readonly string[] }[] } | null | undefined;
      return [spec.name, (list?.items ?? []).map(({ items }) => [...items])] as const;
    });
    return { entities: Object.fromEntries(lists), isWhole: row?.whole === true };
  };

  return {
    async load(table, atUs) {
      await load(table, atUs);
    },
    async apply(select, atUs) {
      await db.run(`CREATE OR REPLACE TABLE ${incoming} AS SELECT ${columns} FROM (${select}) ${newest}`);
      const fromUs = Math.max(atUs - reach, heldUs ?? (await load(await wholeTable(), atUs)));
      await db.run(
        `CREATE OR REPLACE TABLE ${replaced} AS SELECT r.* FROM ${recent} r JOIN ${incoming} i USING (${key})
         WHERE r._observed_at IS NULL OR r._observed_at <= i._observed_at`,
      );
      await db.run(`DELETE FROM ${recent} WHERE (${key}) IN (SELECT (${key}) FROM ${replaced})`);
      await db.run(
        `INSERT INTO ${recent} SELECT ${columns} FROM ${incoming} ANTI JOIN ${recent} USING (${key}) WHERE ${since(fromUs)}`,
      );
      if (atUs - prunedUs > reach) {
        await db.run(`DELETE FROM ${recent} WHERE NOT ${since(fromUs)}`);
        [prunedUs, heldUs] = [atUs, fromUs];
      }
      const { entities, isWhole } = await look(fromUs);
      if (!isWhole) return { entities, relation: recent };
      await db.run(`CREATE OR REPLACE TABLE whole_rows AS SELECT ${columns} FROM ${await wholeTable()}`);
      return { entities, relation: 'whole_rows' };
    },
  };
}
