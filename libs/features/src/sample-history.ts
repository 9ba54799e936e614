import { canonicalJson } from '@repo/contract/canonical-json';
import { featureStatuses, type ModelContract } from '@repo/contract/model-contract';
import { defineSource } from '@repo/contract/source';
import {
  age,
  category,
  clock,
  column,
  count,
  latestView,
  mean,
  requestView,
  type View,
  windowView,
} from '@repo/contract/view';
import type { Database, Row } from '@repo/datasets/database';
import { type JoinOptions, joinFeatures } from './join-features.ts';
import type { Cell, PlainRow } from './naive-join.ts';

/** A small made-up world for tests: readings of machines that arrive late, and asks about them. Times are minutes after `beginUs`. */
export const beginUs = Date.UTC(2013, 2, 10, 6, 30) * 1000;
/** Microseconds of a minute. */
export const minuteUs = 60e6;

/** One reading. `event` and `known` are minutes; a null key, event or known time makes a row that never counts. */
export interface Reading {
  site: string | null;
  unit: number | null;
  event: number | null;
  known: number | null;
  x: number | null;
  on: boolean | null;
  since: number | null;
}

/** One row to predict. */
export interface Ask {
  site: string | null;
  unit: number | null;
  at: number;
}

const facts = { owner: 'tests', licence: 'CC0-1.0', raw: {}, sql: 'SELECT 1', rules: [] };
const late = { about: 'x', nullable: true, knownAt: 'known_at' };

export const readings = defineSource({
  ...facts,
  name: 'readings',
  about: 'What machines said',
  key: ['site', 'unit'],
  eventTime: 'event_at',
  columns: {
    site: { type: 'text', about: 'x', nullable: true },
    unit: { type: 'integer', about: 'x', nullable: true },
    event_at: { type: 'instant', about: 'x', nullable: true },
    known_at: { type: 'instant', about: 'x', nullable: true },
    x: { type: 'number', ...late },
    on: { type: 'boolean', ...late },
    since_at: { type: 'instant', ...late },
  },
});

const asks = defineSource({
  ...facts,
  name: 'asks',
  about: 'Rows to predict',
  key: ['id'],
  eventTime: 'asked_at',
  columns: {
    id: { type: 'text', about: 'x' },
    site: { type: 'text', about: 'x', nullable: true },
    unit: { type: 'integer', about: 'x', nullable: true },
    asked_at: { type: 'instant', about: 'x' },
    answered_at: { type: 'instant', about: 'x', knownAt: 'answered_at' },
    label: { type: 'boolean', about: 'x', nullable: true, knownAt: 'answered_at' },
  },
});

const common = { version: 1, about: 'x', source: readings, event: 'event_at', known: 'known_at' };

/** Views of every kind; windows and TTLs are 10 and 7 minutes. */
export const sampleViews: View[] = [
  requestView({
    name: 'ask',
    version: 1,
    about: 'x',
    source: asks,
    features: {
      site: category('site'),
      unit: column('unit'),
      hour: clock('asked_at', 'hourOfDay', 'America/New_York'),
      day: clock('asked_at', 'dayOfWeek', 'Pacific/Auckland'),
    },
  }),
  latestView({
    ...common,
    name: 'site-last',
    entity: ['site'],
    ttl: '7m',
    features: { last_x: column('x'), last_on: column('on'), last_since: age('since_at', 'hours') },
  }),
  latestView({ ...common, name: 'unit-last', entity: ['unit', 'site'], ttl: '20m', features: { unit_x: column('x') } }),
  windowView({
    ...common,
    name: 'site-window',
    entity: ['site'],
    ttl: '7m',
    window: '10m',
    features: { site_mean: mean('x'), site_count: count('x'), site_on: mean('on'), site_since: count('since_at') },
  }),
  windowView({
    ...common,
    name: 'unit-window',
    entity: ['site', 'unit'],
    ttl: '7m',
    window: '20m',
    features: { unit_mean: mean('x') },
  }),
];

const instant = (minutes: number | null) =>
  minutes === null ? 'NULL::TIMESTAMPTZ' : `make_timestamptz(${beginUs + minutes * minuteUs})`;
const text = (value: string | null) => (value === null ? 'NULL::VARCHAR' : `'${value}'`);
const values = (rows: readonly string[], none: string) =>
  rows.length === 0 ? `(${none})` : rows.map((r) => `(${r})`).join(', ');

/** Makes the tables `readings` and `asks`; an ask's row id is its place. */
export async function loadSample(db: Database, history: readonly Reading[], rows: readonly Ask[]): Promise<void> {
  const past = history.map(
    (r) =>
      `${text(r.site)}, ${r.unit}::BIGINT, ${instant(r.event)}, ${instant(r.known)}, ${r.x}::DOUBLE, ${r.on}::BOOLEAN, ${instant(r.since)}`,
  );
  const never =
    'NULL::VARCHAR, NULL::BIGINT, NULL::TIMESTAMPTZ, NULL::TIMESTAMPTZ, NULL::DOUBLE, NULL::BOOLEAN, NULL::TIMESTAMPTZ';
  await db.run(`CREATE OR REPLACE TABLE readings AS
    SELECT * FROM (VALUES ${values(past, never)}) t(site, unit, event_at, known_at, x, "on", since_at)`);
  const asked = rows.map((r, i) => `'${i}', ${text(r.site)}, ${r.unit}::BIGINT, ${instant(r.at)}, ${i % 2 === 0}`);
  await db.run(`CREATE OR REPLACE TABLE asks AS
    SELECT * FROM (VALUES ${values(asked, "'', NULL, NULL, NULL, NULL")}) t(id, site, unit, asked_at, label)`);
}

/** Join options for the sample tables: cut-off at the ask, result in `joined`. */
export const sampleJoin = {
  events: 'asks',
  rowId: ['id'],
  time: 'asked_at',
  label: 'label',
  cutoff: { column: 'asked_at', leadUs: 0 },
  views: sampleViews,
  relations: { readings: 'readings' },
  into: 'joined',
} as const;

const us = (minutes: number | null) => (minutes === null ? null : beginUs + minutes * minuteUs);

/** A reading as the naive join reads it. */
export const plainReading = ({ event, known, since, ...rest }: Reading): PlainRow => ({
  ...rest,
  event_at: us(event),
  known_at: us(known),
  since_at: us(since),
});

/** An ask as the naive join and the look-up read it. */
export const plainAsk = ({ at, ...rest }: Ask): PlainRow => ({ ...rest, asked_at: us(at) });

/** Loads and joins the sample; a cell for each feature of each ask. */
export async function joinSample(
  db: Database,
  history: readonly Reading[],
  rows: readonly Ask[],
  options: Pick<JoinOptions, 'blockRows'> = {},
): Promise<Record<string, Cell>[]> {
  await loadSample(db, history, rows);
  await joinFeatures(db, { ...sampleJoin, ...options });
  const names = sampleViews.flatMap(({ spec }) => Object.keys(spec.features));
  const joined = await db.rows('SELECT * FROM joined');
  const cell = (row: Row, name: string) => [row[name], featureStatuses[Number(row[`${name}__status`])]] as Cell;
  return joined.map((row) => Object.fromEntries(names.map((name) => [name, cell(row, name)])));
}

/** Contract of a model with all sample views, as it is after a trip through canonical JSON, which sorts keys. */
export const sampleContract: ModelContract = JSON.parse(
  canonicalJson({
    schemaVersion: 1,
    model: 'sample',
    question: 'x',
    owner: 'tests',
    task: 'binary',
    label: 'label',
    cutoff: { column: 'asked_at', leadUs: 0 },
    dataBeginsUs: beginUs,
    request: ['site', 'unit', 'asked_at'].map((name) => ({
      name,
      type: asks.columns[name]?.type ?? 'text',
      required: false,
      about: 'x',
    })),
    features: sampleViews.flatMap(({ spec }) =>
      Object.keys(spec.features).map((name) => ({
        name,
        view: spec.name,
        categories: name === 'site' ? ['b', 'a'] : null,
      })),
    ),
    views: sampleViews.map(({ digest, spec }) => ({ digest, spec })),
    input: { name: 'features', datatype: 'FP32' },
    output: { name: 'probability', datatype: 'FP32' },
    threshold: 0.5,
    serving: { timeoutMs: 200, maxBatchSize: 32, fallback: [], unknowns: 'flag', outliers: 'flag' },
  } satisfies ModelContract),
);
