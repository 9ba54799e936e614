import { z } from 'zod';
import { digestOf } from './canonical-json.ts';
import { durationSchema } from './duration.ts';
import { InputError } from './input-error.ts';
import { columnNameSchema, nameSchema } from './name.ts';
import { parseOrThrow } from './parse.ts';
import type { Source } from './source.ts';
import { checkView } from './view-check.ts';

/** Parts of a clock reading in a zone: hours since local midnight with fraction (0-24), ISO day of week (1-7). */
export const ClockPart = { hourOfDay: 'hourOfDay', dayOfWeek: 'dayOfWeek' } as const;
export type ClockPart = (typeof ClockPart)[keyof typeof ClockPart];

/** Units of an age: `years` are 365.25 days. */
export const AgeUnit = { hours: 'hours', days: 'days', years: 'years' } as const;
export type AgeUnit = (typeof AgeUnit)[keyof typeof AgeUnit];

/** Microseconds in each {@link AgeUnit}. */
export const ageUnitUs: Readonly<Record<AgeUnit, number>> = { hours: 3600e6, days: 86_400e6, years: 31_557_600e6 };

const requestFeature = z.discriminatedUnion('from', [
  /** A text column as a category; its code is its place in the contract's list, an unlisted value is missing. */
  z.strictObject({ from: z.literal('category'), column: columnNameSchema }),
  /** A numeric or boolean column as it is. */
  z.strictObject({ from: z.literal('column'), column: columnNameSchema }),
  /** A part of the local clock at an instant column. */
  z.strictObject({ from: z.literal('clock'), column: columnNameSchema, part: z.enum(ClockPart), zone: z.string() }),
]);
const latestFeature = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('column'), column: columnNameSchema }),
  /** Time from an instant column to the cut-off. */
  z.strictObject({ from: z.literal('age'), column: columnNameSchema, unit: z.enum(AgeUnit) }),
]);
const windowFeature = z.discriminatedUnion('from', [
  /** Mean of a column's non-null values; missing when there is none. Values are summed exactly, as whole millionths. */
  z.strictObject({ from: z.literal('mean'), column: columnNameSchema }),
  /** Number of non-null values; 0 (status default) when there is none. */
  z.strictObject({ from: z.literal('count'), column: columnNameSchema }),
]);

const common = { name: nameSchema, version: z.int().min(1), about: z.string().min(1) };
const looked = {
  ...common,
  /** Columns of the source that identify the entity; the event rows must have them too. */
  entity: z.array(columnNameSchema).min(1),
  /** Instant column: when a row happened. Rows where it is null never happened. */
  event: columnNameSchema,
  /** Instant column: when a row became known. A row counts at t only where event <= t and known <= t. */
  known: columnNameSchema,
  /** A value older than this at the cut-off is stale, and the model sees it as missing. */
  ttl: durationSchema,
};

/** The part of a view that is data: what bundles carry and digests cover. */
export const viewSpecSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('request'), ...common, features: z.record(columnNameSchema, requestFeature) }),
  z.strictObject({ kind: z.literal('latest'), ...looked, features: z.record(columnNameSchema, latestFeature) }),
  z.strictObject({
    kind: z.literal('window'),
    ...looked,
    /** Events in (t - window, t] count. */
    window: durationSchema,
    features: z.record(columnNameSchema, windowFeature),
  }),
]);
export type ViewSpec = z.infer<typeof viewSpecSchema>;
export type RequestViewSpec = Extract<ViewSpec, { kind: 'request' }>;
export type LatestViewSpec = Extract<ViewSpec, { kind: 'latest' }>;
export type WindowViewSpec = Extract<ViewSpec, { kind: 'window' }>;
/** A view whose values are looked up by entity, offline by a join and online in the store. */
export type LookedUpViewSpec = LatestViewSpec | WindowViewSpec;

/** A checked feature view of the catalogue. `digest` changes with anything that can change a value. */
export interface View<S extends ViewSpec = ViewSpec> {
  readonly source: Source;
  readonly spec: S;
  readonly digest: string;
}

const sourceMade = z.custom<Source>((s) => (s as Source)?.kind === 'source', {
  error: 'a source made by defineSource',
});

type Definition<S extends ViewSpec> = Omit<S, 'kind'> & { source: Source };

function define<S extends ViewSpec>(kind: S['kind'], definition: Definition<S>): View<S> {
  const { source, ...rest } = definition;
  const label = `view ${String(definition.name)}`;
  const spec = parseOrThrow(viewSpecSchema as unknown as z.ZodType<S>, { kind, ...rest }, label);
  parseOrThrow(sourceMade, source, `${label}.source`);
  const problems = checkView(label, spec, source);
  if (problems.length > 0) throw new InputError(problems);
  return { source, spec, digest: viewDigest(spec, source) };
}

/** Digest of all that can change a view's values: its specification but for the prose, and the source's columns and SQL. */
function viewDigest(spec: ViewSpec, source: Source): string {
  const { about: _, ...facts } = spec;
  const columns = Object.fromEntries(Object.entries(source.columns).map(([name, c]) => [name, c.type]));
  return digestOf({ ...facts, source: { name: source.name, sql: source.sql, columns } });
}

/** Declares features computed from the request itself. Columns that become known later are refused as leaks. */
export const requestView = (d: Definition<RequestViewSpec>): View<RequestViewSpec> => define('request', d);

/** Declares features taken from the newest row of an entity that had happened and was known at the cut-off. */
export const latestView = (d: Definition<LatestViewSpec>): View<LatestViewSpec> => define('latest', d);

/** Declares means and counts over an entity's recent rows that had happened and were known at the cut-off. */
export const windowView = (d: Definition<WindowViewSpec>): View<WindowViewSpec> => define('window', d);

/** Feature that is the category of a text column of the request. */
export const category = (column: string) => ({ from: 'category', column }) as const;
/** Feature that is a column as it stands. */
export const column = (name: string) => ({ from: 'column', column: name }) as const;
/** Feature that is a part of the clock in a zone, such as the hour of day in America/New_York. */
export const clock = (name: string, part: ClockPart, zone: string) =>
  ({ from: 'clock', column: name, part, zone }) as const;
/** Feature that is the time from an instant column to the cut-off. */
export const age = (name: string, unit: AgeUnit) => ({ from: 'age', column: name, unit }) as const;
/** Feature that is the mean of a column over the window. */
export const mean = (name: string) => ({ from: 'mean', column: name }) as const;
/** Feature that is the number of values of a column in the window. */
export const count = (name: string) => ({ from: 'count', column: name }) as const;
