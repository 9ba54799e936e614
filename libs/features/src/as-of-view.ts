import { microseconds } from '@repo/contract/duration';
import type { Column } from '@repo/contract/source';
import type { LatestViewSpec, LookedUpViewSpec, View, WindowViewSpec } from '@repo/contract/view';
import { quoteText } from '@repo/datasets/sql-text';
import type { Moments } from './join-blocks.ts';
import type { EntityValues } from './online-store.ts';
import { sqlName } from './sql-name.ts';

/** What a view is asked. */
interface AsOfOptions {
  /** Table or view with the rows of the view's source, as in a snapshot. */
  relation: string;
  /** SELECT of the asks: the entity as e0, e1, ..., `ask` BIGINT that identifies the ask, and its `moment` BIGINT in microseconds. */
  asks: string;
  /** No ask is earlier or later than these: rows that cannot matter then are left out early. */
  moments?: Moments;
  /** All asks are of these entities: rows of others are left out. */
  onlyEntities?: readonly EntityValues[];
}

/** Whether a view's values are looked up by entity. */
export const isLookedUp = (view: View): view is View<LookedUpViewSpec> => view.spec.kind !== 'request';

/** A view's entity columns under the names e0, e1, ... that asks have. */
export function entityColumns(spec: LookedUpViewSpec): string[] {
  return spec.entity.map((_, i) => `e${i}`);
}

/** Columns that a window view adds up, each once, by first use. */
export function summedColumns(spec: WindowViewSpec): string[] {
  return [...new Set(Object.values(spec.features).map((feature) => feature.column))];
}

/** An instant column as BIGINT microseconds. */
export function instantSql(column: string): string {
  return `epoch_us(${sqlName(column)})`;
}

/** A column as a number: booleans are 0 and 1; NaN and the infinities are no values. */
export function numberSql(column: string, type: Column['type'] | undefined): string {
  const number = `CAST(${sqlName(column)} AS DOUBLE)`;
  return type === 'number' ? `CASE WHEN isfinite(${number}) THEN ${number} END` : number;
}

/** Whether a row is of one of some entities. */
export function entitySql({ entity }: LookedUpViewSpec, among: readonly EntityValues[]): string {
  if (among.length === 0) return 'false';
  const literal = (value: string | number) => (typeof value === 'number' ? String(value) : quoteText(value));
  const list = among.map((values) => `(${values.map(literal).join(', ')})`);
  return `(${entity.map(sqlName).join(', ')}) IN (${list.join(', ')})`;
}

function rowsSql({ spec }: View<LookedUpViewSpec>, values: string[], options: AsOfOptions): string {
  const [event, known] = [instantSql(spec.event), instantSql(spec.known)];
  const keys = spec.entity.map(sqlName);
  const conditions = [...keys, event, known].map((name) => `${name} IS NOT NULL`);
  if (options.moments) {
    const { firstUs, lastUs } = options.moments;
    conditions.push(`${event} <= ${lastUs}`, `${known} <= ${lastUs}`);
    if (spec.kind === 'window') conditions.push(`${event} > ${firstUs - microseconds(spec.window)}`);
  }
  if (options.onlyEntities !== undefined) conditions.push(entitySql(spec, options.onlyEntities));
  const selected = [
    ...keys.map((key, i) => `${key} AS e${i}`),
    `${event} AS event_us`,
    `${known} AS known_us`,
    `greatest(${event}, ${known}) AS from_us`,
    ...values,
  ];
  return `SELECT ${selected.join(', ')} FROM ${sqlName(options.relation)} WHERE ${conditions.join(' AND ')}`;
}

/** Of the rows that are there at the first moment only the newest event of an entity can ever win, and finding it first spares most of the sorting. */
function unbeatenSql(entity: string, { firstUs }: Moments): string {
  return `SELECT h.* FROM happened h
    LEFT JOIN (SELECT ${entity}, max(event_us) AS newest_us FROM happened WHERE from_us <= ${firstUs} GROUP BY ALL) n USING (${entity})
    WHERE h.from_us > ${firstUs} OR h.event_us = n.newest_us`;
}

/**
 * Latest: a row matters from the moment it is available, max(event, known), and only if no row available before it beats it. Rows are
 * ranked by (event, known, values), entity by entity, so that a running maximum needs no partitions: each entity's ranks lie above those
 * of the entities before it. Within one moment the best row comes first, so that at most one row a moment is a new maximum, and an as-of
 * join on availability finds it.
 */
function latestAsOf(view: View<LatestViewSpec>, options: AsOfOptions): string {
  const { spec, source } = view;
  const features = Object.entries(spec.features);
  const values = features.map(([_, { from, column }], i) =>
    from === 'age' ? `${instantSql(column)} AS v${i}` : `${numberSql(column, source.columns[column]?.type)} AS v${i}`,
  );
  const entity = entityColumns(spec).join(', ');
  // The tie-break goes by feature name, because the order of features is no part of a view's digest.
  const tie = features
    .map(([name], i) => ({ name, sql: `v${i} NULLS FIRST` }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ sql }) => sql);
  const kept = features.map((_, i) => `v${i}`).join(', ');
  const rows = options.moments ? `(${unbeatenSql(entity, options.moments)})` : 'happened';
  return `WITH happened AS (${rowsSql(view, values, options)}), ranked AS (
    SELECT *, row_number() OVER () AS rank
    FROM (SELECT * FROM ${rows} ORDER BY ${entity}, event_us, known_us, ${tie.join(', ')})
  ), running AS (
    SELECT *, max(rank) OVER (ROWS UNBOUNDED PRECEDING) AS best
    FROM (SELECT * FROM ranked ORDER BY ${entity}, from_us, rank DESC)
  )
  SELECT a.*, event_us, ${kept} FROM (${options.asks}) a ASOF LEFT JOIN (SELECT * FROM running WHERE rank = best) b
  ON ${entityColumns(spec)
    .map((key) => `a.${key} = b.${key}`)
    .join(' AND ')} AND a.moment >= b.from_us`;
}

/**
 * Window: a value adds itself when it is available and takes itself away when its event leaves the window; an ask reads the running sum
 * of its entity after all that happens at its moment. Values are whole millionths, so that what is added and taken away cancels exactly;
 * hence the sum starts each entity at nought, needs no partitions, and one sort and one streaming pass do it all.
 */
function windowAsOf(view: View<WindowViewSpec>, options: AsOfOptions): string {
  const { spec, source } = view;
  const columns = summedColumns(spec);
  const averaged = new Set(Object.values(spec.features).flatMap((f) => (f.from === 'mean' ? [f.column] : [])));
  const entity = entityColumns(spec).join(', ');
  const parts = columns.flatMap((column, j) => {
    const type = source.columns[column]?.type;
    const number = numberSql(column, type);
    if (!averaged.has(column))
      return [{ name: `c${j}`, value: type === 'number' ? number : sqlName(column), sum: false }];
    const millionths = `CAST(round(${number} * 1000000) AS HUGEINT)`;
    return [
      { name: `c${j}`, value: millionths, sum: false },
      { name: `s${j}`, value: millionths, sum: true },
    ];
  });
  const values = parts.map(({ name, value, sum }) =>
    sum ? `coalesce(${value}, 0) AS ${name}` : `CAST(${value} IS NOT NULL AS INTEGER) AS ${name}`,
  );
  const names = parts.map(({ name }) => name);
  const leave = `event_us + ${microseconds(spec.window)}`;
  return `WITH counted AS (
    SELECT * FROM (${rowsSql(view, values, options)}) WHERE from_us < ${leave}
  ), changes AS (
    SELECT ${entity}, from_us AS moment, NULL::BIGINT AS ask, ${names.join(', ')} FROM counted
    UNION ALL SELECT ${entity}, ${leave}, NULL, ${names.map((name) => `-${name}`).join(', ')} FROM counted
    UNION ALL SELECT ${entity}, moment, ask, ${names.map(() => '0').join(', ')} FROM (${options.asks})
  ), running AS (
    SELECT ${entity}, moment, ask, ${names.map((name) => `sum(${name}) OVER (ROWS UNBOUNDED PRECEDING) AS ${name}`).join(', ')}
    FROM (SELECT * FROM changes ORDER BY ${entity}, moment, ask NULLS FIRST)
  )
  SELECT * FROM running WHERE ask IS NOT NULL`;
}

/**
 * The SQL of a view as of many moments: the asks (e0, ..., ask, moment) with, for latest views, `event_us` and a value for each feature
 * (v0, ...; an instant for ages), all null where there is no row; for window views a count (c0, ...) and, where averaged, a sum in
 * millionths (s0, ...) for each of {@link summedColumns}.
 */
export function asOfView(view: View<LookedUpViewSpec>, options: AsOfOptions): string {
  return view.spec.kind === 'latest'
    ? latestAsOf(view as View<LatestViewSpec>, options)
    : windowAsOf(view as View<WindowViewSpec>, options);
}
