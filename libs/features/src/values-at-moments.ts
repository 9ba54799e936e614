import type { InstantUs } from '@repo/contract/instant';
import type { LookedUpViewSpec, View } from '@repo/contract/view';
import type { Database, Row } from '@repo/datasets/database';
import { asOfView, entityColumns, instantSql, isLookedUp } from './as-of-view.ts';
import { lookedUpFeatures } from './feature-sql.ts';
import { type StoredView, storedFeatures, viewKey } from './online-store.ts';
import { sqlName } from './sql-name.ts';

export interface MomentsOptions {
  /** Request views are skipped: there is nothing to look up. */
  views: readonly View[];
  /** Relation of each source, by source name, with at least the rows that the views can see at these moments. */
  relations: Readonly<Record<string, string>>;
  /** The moments, rising. */
  moments: readonly InstantUs[];
  /** What the store held already: rows of latest views that were there by then are not told again. */
  sinceUs: InstantUs;
}

/** What changes in the online store at one moment. */
export interface MomentValues {
  /** Window views as a whole, for {@link OnlineStore.put}: time alone changes them. */
  readonly whole: readonly StoredView[];
  /** Rows of latest views that came since the moment before, for {@link OnlineStore.refresh}. */
  readonly changed: readonly StoredView[];
}

/** Every entity at every moment. */
function allAsks({ spec }: View<LookedUpViewSpec>, relation: string, moments: string): string {
  const keys = spec.entity.map((name, i) => `${sqlName(name)} AS e${i}`).join(', ');
  const known = spec.entity.map((name) => `${sqlName(name)} IS NOT NULL`).join(' AND ');
  return `SELECT e.*, 0 AS ask, m.moment FROM (SELECT DISTINCT ${keys} FROM ${relation} WHERE ${known}) e, ${moments} m`;
}

/** The entities with a row that became available since the moment before, at the first moment that sees it. */
function changedAsks({ spec }: View<LookedUpViewSpec>, relation: string, moments: string, sinceUs: InstantUs): string {
  const [event, known] = [instantSql(spec.event), instantSql(spec.known)];
  const keys = spec.entity.map((name, i) => `${sqlName(name)} AS e${i}`).join(', ');
  const there = [...spec.entity.map(sqlName), event, known].map((one) => `${one} IS NOT NULL`).join(' AND ');
  const came = `SELECT ${keys}, greatest(${event}, ${known}) AS from_us FROM ${relation} WHERE ${there}`;
  return `SELECT DISTINCT c.* EXCLUDE (from_us), 0 AS ask, m.moment
    FROM (${came}) c ASOF JOIN ${moments} m ON c.from_us <= m.moment WHERE c.from_us > ${sinceUs}`;
}

const number = (value: Row[string] | undefined): number | null =>
  value === null || value === undefined ? null : Number(value);

function byMoment(view: View<LookedUpViewSpec>, rows: readonly Row[]): Map<InstantUs, StoredView> {
  const keys = entityColumns(view.spec);
  const features = storedFeatures(view.spec);
  const grouped = Map.groupBy(rows, ({ moment }) => Number(moment));
  return new Map(
    [...grouped].map(([atUs, ofMoment]) => {
      const entities = ofMoment.map((row) => ({
        entity: keys.map((key) => String(row[key])),
        row: { eventUs: number(row.event_us), values: features.map((name) => number(row[`value_${name}`])) },
      }));
      return [atUs, { view: viewKey(view), atUs, entities }] as const;
    }),
  );
}

/**
 * What changes in the online store at each of many moments, by the SQL of the point-in-time join in one pass a view: a materialization for each
 * moment would cost as many. A store that held all at `sinceUs` and takes these in order holds at each moment what `materialize` would
 * store, but for entities of which it would say that they have nothing.
 */
export async function valuesAtMoments(db: Database, options: MomentsOptions): Promise<Map<InstantUs, MomentValues>> {
  const { views, relations, moments, sinceUs } = options;
  const made = new Map(moments.map((atUs) => [atUs, { whole: [] as StoredView[], changed: [] as StoredView[] }]));
  if (moments.length === 0) return made;
  const list = `(SELECT unnest([${moments.join(', ')}]::BIGINT[]) AS moment)`;
  for (const view of views.filter(isLookedUp) as View<LookedUpViewSpec>[]) {
    const relation = sqlName(relations[view.source.name] as string);
    const { spec } = view;
    const isWindow = spec.kind === 'window';
    const asks = isWindow ? allAsks(view, relation, list) : changedAsks(view, relation, list, sinceUs);
    const values = isWindow
      ? lookedUpFeatures(view).map(({ name, value }) => `${value} AS ${sqlName(`value_${name}`)}`)
      : ['event_us', ...Object.keys(spec.features).map((name, i) => `v${i} AS ${sqlName(`value_${name}`)}`)];
    const asked = asOfView(view, { relation: relations[view.source.name] as string, asks });
    const rows = await db.rows(`SELECT ${[...entityColumns(spec), 'moment', ...values].join(', ')} FROM (${asked}) h`);
    for (const [atUs, stored] of byMoment(view, rows)) made.get(atUs)?.[isWindow ? 'whole' : 'changed'].push(stored);
  }
  return made;
}
