import { InputError, type Problem } from '@repo/contract/input-error';
import type { LookedUpViewSpec, RequestViewSpec, View } from '@repo/contract/view';
import type { Database } from '@repo/datasets/database';
import { asOfView, instantSql, isLookedUp } from './as-of-view.ts';
import { type FeatureSql, lookedUpFeatures, requestFeatures } from './feature-sql.ts';
import { findBlocks, type JoinBlock } from './join-blocks.ts';
import { sqlName } from './sql-name.ts';
import { type ZoneSpan, zoneSpans } from './zone-clock.ts';

/** What is joined. Relations are tables or views with the columns of the sources, as in their snapshots. */
export interface JoinOptions {
  /** Relation of the event rows. */
  events: string;
  /** Columns that identify an event row; `row_id` is their text, joined by `|`. */
  rowId: readonly string[];
  /** Instant column that becomes `time`. */
  time: string;
  /** Boolean or numeric column that becomes `label` (DOUBLE, null where unknown). */
  label: string;
  /** Features are taken as known at `column` minus `leadUs`. */
  cutoff: { column: string; leadUs: number };
  /** In the order of the model's input. */
  views: readonly View[];
  /** Relation of each source that the looked-up views read, by source name. */
  relations: Readonly<Record<string, string>>;
  /** Table to make, replaced where it exists. */
  into: string;
  /** Rows that are joined at once: memory grows with them. Default 2,000,000. */
  blockRows?: number;
  /** Called after each step. */
  onProgress?: (done: number, total: number, step: string) => void;
}

const spine = 'join_spine';
const defaultBlockRows = 2_000_000;

function check({ views, relations }: JoinOptions): void {
  const problems: Problem[] = [];
  const taken = new Set(['row_id', 'time', 'label']);
  for (const { spec, source } of views) {
    if (spec.kind !== 'request' && relations[source.name] === undefined)
      problems.push({
        path: `relations.${source.name}`,
        received: 'nothing',
        allowed: 'a table or view',
        action: `say where view ${spec.name} reads its source`,
      });
    for (const name of Object.keys(spec.features).flatMap((feature) => [feature, `${feature}__status`])) {
      if (taken.has(name))
        problems.push({
          path: `views.${spec.name}.features`,
          received: name,
          allowed: 'names used once; row_id, time and label are taken',
          action: 'rename the feature',
        });
      taken.add(name);
    }
  }
  if (problems.length > 0) throw new InputError(problems);
}

/** The clock changes of every zone that request views read, over all instants that they read. */
async function findSpans(db: Database, { events, views }: JoinOptions): Promise<Map<string, ZoneSpan[]>> {
  const clocks = views.flatMap(({ spec }) =>
    spec.kind === 'request' ? Object.values(spec.features).filter((feature) => feature.from === 'clock') : [],
  );
  if (clocks.length === 0) return new Map();
  const columns = [...new Set(clocks.map(({ column }) => instantSql(column)))];
  const sides = ['least', 'greatest'].map(
    (pick) => `${pick}(${columns.map((c) => `${pick === 'least' ? 'min' : 'max'}(${c})`).join(', ')})`,
  );
  const [range] = await db.rows(`SELECT ${sides[0]} AS first, ${sides[1]} AS last FROM ${sqlName(events)}`);
  const [first, last] = [Number(range?.first ?? 0), Number(range?.last ?? 0)];
  return new Map(clocks.map(({ zone }) => [zone, zoneSpans(zone, first, last)]));
}

function selectList(features: readonly FeatureSql[]): string {
  return features
    .map(
      ({ name, value, status }) =>
        `${value} AS ${sqlName(name)}, CAST(${status} AS UTINYINT) AS ${sqlName(`${name}__status`)}`,
    )
    .join(', ');
}

const momentSql = ({ cutoff }: JoinOptions): string => `${instantSql(cutoff.column)} - ${cutoff.leadUs}`;

function viewTableSql(view: View<LookedUpViewSpec>, relation: string, { moments }: JoinBlock): string {
  const keys = view.spec.entity.map((name, i) => `${sqlName(`__entity_${name}`)} AS e${i}`);
  const asks = `SELECT ${keys.join(', ')}, __row AS ask, __moment AS moment FROM ${spine}`;
  return `SELECT ${selectList(lookedUpFeatures(view))} FROM (${asOfView(view, { relation, asks, moments })}) h ORDER BY h.ask`;
}

function spineSql(
  options: JoinOptions,
  lookedUp: readonly View<LookedUpViewSpec>[],
  spans: Map<string, ZoneSpan[]>,
  { where }: JoinBlock,
): string {
  const { rowId, time, label, views } = options;
  const keys = [...new Set(lookedUp.flatMap(({ spec }) => spec.entity))];
  const request = views.filter((view): view is View<RequestViewSpec> => view.spec.kind === 'request');
  const columns = [
    'row_number() OVER () AS __row',
    `concat_ws('|', ${rowId.map((name) => `CAST(${sqlName(name)} AS VARCHAR)`).join(', ')}) AS row_id`,
    `${instantSql(time)} AS time`,
    `CAST(${sqlName(label)} AS DOUBLE) AS label`,
    `${momentSql(options)} AS __moment`,
    ...keys.map((name) => `${sqlName(name)} AS ${sqlName(`__entity_${name}`)}`),
    ...request.map(({ spec, source }) => selectList(requestFeatures(spec, source.columns, spans))),
  ];
  const placed = `SELECT *, row_number() OVER () AS __place FROM ${sqlName(options.events)}`;
  return `SELECT __place, ${columns.join(', ')} FROM (${placed}) WHERE ${where}`;
}

/**
 * Point-in-time join: makes the table `into` with row_id VARCHAR, time BIGINT (microseconds), label DOUBLE and for each feature a value
 * (DOUBLE, VARCHAR for categories, null where there is none) and `<feature>__status` UTINYINT, one row for each event row and in their order.
 * A source row counts only where its event time and its known time are at or before the row's cut-off. Throws InputError where a
 * source has no relation or two output columns share a name. 336,776 flights with 8 looked-up views take some 5 s on 2 cores; more rows than
 * `blockRows` are joined span by span of time.
 */
export async function joinFeatures(db: Database, options: JoinOptions): Promise<void> {
  check(options);
  const { views, relations, blockRows = defaultBlockRows } = options;
  const lookedUp = views.filter(isLookedUp);
  const tables = lookedUp.map((_, i) => `join_view_${i}`);
  const into = sqlName(options.into);
  try {
    const spans = await findSpans(db, options);
    const { blocks, inOrder } = await findBlocks(db, sqlName(options.events), momentSql(options), blockRows);
    const total = blocks.length * (lookedUp.length + 2);
    let done = 0;
    const tell = (step: string) => options.onProgress?.(++done, total, step);
    const features = views.flatMap(({ spec }) =>
      Object.keys(spec.features).flatMap((name) => [name, `${name}__status`]),
    );
    const columns = [...(inOrder ? [] : ['__place']), 'row_id', 'time', 'label', ...features.map(sqlName)].join(', ');
    for (const [n, block] of blocks.entries()) {
      await db.run(`CREATE OR REPLACE TEMP TABLE ${spine} AS ${spineSql(options, lookedUp, spans, block)}`);
      tell('events');
      for (const [i, view] of lookedUp.entries()) {
        const relation = relations[view.source.name] as string;
        await db.run(`CREATE OR REPLACE TEMP TABLE ${tables[i]} AS ${viewTableSql(view, relation, block)}`);
        tell(view.spec.name);
      }
      const rows = `SELECT ${columns} FROM ${spine} ${tables.map((one) => `POSITIONAL JOIN ${one}`).join(' ')}`;
      await db.run(n === 0 ? `CREATE OR REPLACE TABLE ${into} AS ${rows}` : `INSERT INTO ${into} ${rows}`);
      tell('all');
    }
    if (!inOrder)
      await db.run(`CREATE OR REPLACE TABLE ${into} AS SELECT * EXCLUDE (__place) FROM ${into} ORDER BY __place`);
  } finally {
    for (const table of [spine, ...tables]) await db.run(`DROP TABLE IF EXISTS ${table}`);
  }
}
