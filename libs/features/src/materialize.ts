import { InputError } from '@repo/contract/input-error';
import { formatInstant, type InstantUs } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import type { LookedUpViewSpec, View } from '@repo/contract/view';
import type { Database } from '@repo/datasets/database';
import { entitySql, instantSql, isLookedUp } from './as-of-view.ts';
import { type EntityValues, type OnlineStore, type StoredView, viewKey } from './online-store.ts';
import { sqlName } from './sql-name.ts';
import { valuesAt } from './values-at.ts';

export interface MaterializeOptions {
  /** Request views are skipped: there is nothing to look up. */
  views: readonly View[];
  /** Relation of each source, by source name; columns as in a snapshot. */
  relations: Readonly<Record<string, string>>;
  /** The moment whose values are stored. */
  atUs: InstantUs;
  store: OnlineStore;
  /** By name of the view, the entities to store, for a store that nobody asks for another one. Default all that are known. */
  entities?: Readonly<Record<string, readonly EntityValues[]>>;
  /** Called after each view. */
  onProgress?: (done: number, total: number, view: string) => void;
}

/** What became of a view: entities known at the moment, and whether they were written or a later moment was held already. */
export interface Materialized {
  view: string;
  entities: number;
  written: boolean;
}

function relationOf({ relations }: MaterializeOptions, { spec, source }: View): string {
  const relation = relations[source.name];
  if (relation !== undefined) return sqlName(relation);
  throw new InputError({
    path: `relations.${source.name}`,
    received: 'nothing',
    allowed: 'a table or view',
    action: `say where view ${spec.name} reads its source`,
  });
}

/** Whether a source is a register, all of it known beforehand, such as planes: its first date says nothing about when the data begins. */
const isRegister = ({ columns }: Source) => Object.values(columns).every((column) => column.knownAt === undefined);

/** The data begins with the first event of the sources that have an event time, registers aside unless there is nothing else. */
async function checkMoment(db: Database, options: MaterializeOptions, views: readonly View[]): Promise<void> {
  const timed = [...new Set(views.map(({ source }) => source))].filter((source) => source.eventTime !== null);
  const histories = timed.filter((source) => !isRegister(source));
  const begins: number[] = [];
  for (const source of histories.length > 0 ? histories : timed) {
    const relation = relationOf(options, views.find((view) => view.source === source) as View);
    const [row] = await db.rows(`SELECT min(${instantSql(source.eventTime as string)}) AS first FROM ${relation}`);
    if (typeof row?.first === 'bigint') begins.push(Number(row.first));
  }
  const first = Math.min(...begins);
  if (begins.length === 0 || options.atUs >= first) return;
  throw new InputError({
    path: 'at',
    received: formatInstant(options.atUs),
    allowed: `${formatInstant(first)} or later, where the data begins`,
    action: 'name a later moment',
  });
}

/** Every entity known at the moment, as asks. */
function knownAsks(
  { spec }: View<LookedUpViewSpec>,
  relation: string,
  { atUs, entities = {} }: MaterializeOptions,
): string {
  const only = entities[spec.name];
  const happened = [spec.event, spec.known].map((name) => `${instantSql(name)} <= ${atUs}`);
  const conditions = [...spec.entity.map((name) => `${sqlName(name)} IS NOT NULL`), ...happened];
  if (only !== undefined) conditions.push(entitySql(spec, only));
  return `SELECT DISTINCT ${spec.entity.map((name, i) => `${sqlName(name)} AS e${i}`).join(', ')}, 0 AS ask, ${atUs} AS moment
    FROM ${sqlName(relation)} WHERE ${conditions.join(' AND ')}`;
}

/**
 * Fills the online store with what every view holds at a moment for every entity known by then, all views or none. The values come from
 * the same SQL as the point-in-time join. Repeating it changes nothing. Throws InputError for a moment before the data begins.
 */
export async function materialize(db: Database, options: MaterializeOptions): Promise<Materialized[]> {
  const { atUs, store } = options;
  const views = options.views.filter(isLookedUp);
  await checkMoment(db, options, views);
  const made: StoredView[] = [];
  for (const [i, view] of views.entries()) {
    relationOf(options, view);
    const relation = options.relations[view.source.name] as string;
    const onlyEntities = options.entities?.[view.spec.name];
    const asks = knownAsks(view, relation, options);
    made.push(
      await valuesAt(db, view, { relation, asks, atUs, ...(onlyEntities === undefined ? {} : { onlyEntities }) }),
    );
    options.onProgress?.(i + 1, views.length, view.spec.name);
  }
  const written = new Set(await store.put(made));
  return views.map((view, i) => ({
    view: view.spec.name,
    entities: made[i]?.entities.length ?? 0,
    written: written.has(viewKey(view)),
  }));
}
