import { z } from 'zod';
import { durationSchema } from './duration.ts';
import { columnNameSchema } from './name.ts';

/** What a broken rule means: `fail` stops the pipeline, `warn` is reported. */
export const Severity = { warn: 'warn', fail: 'fail' } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

const column = columnNameSchema;
const common = {
  /** Default: warn for softRange, fail for the others. */
  severity: z.enum(Severity).optional(),
  /** Share of rows, 0 to 1, that may break the rule before it counts. Default: 0. */
  tolerance: z.number().min(0).max(1).optional(),
  /** Why the rule stands, or why a warning on today's data is expected; shown beside the result. */
  because: z.string().min(1).optional(),
};
const bound = z.number().nullable();

/**
 * One rule of a data contract, a row of facts. Range bounds are inclusive, null is open, an instant's are UTC microseconds, and NaN is
 * outside; `hardRange` is for the impossible and `softRange` for the odd; `categories` counts rows whose value is not listed; `unique`
 * rows beyond the first with the same values, none of them null; `rowBand` bounds the number of rows, its share being that of the crossed
 * bound; `freshness` asks that the newest value is not older than `within` at the given now; `monotonic` that values never fall from row
 * to row; `noDuplicates` that no two rows are the same in every column; `check` that a boolean SQL expression over the row's columns is
 * never false; `reference` that a value exists in another table. Null passes all but `nullShare`.
 */
export const ruleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('nullShare'), column, ...common }),
  z.strictObject({ kind: z.literal('hardRange'), column, min: bound, max: bound, ...common }),
  z.strictObject({ kind: z.literal('softRange'), column, min: bound, max: bound, ...common }),
  z.strictObject({ kind: z.literal('categories'), column, values: z.array(z.string()).min(1), ...common }),
  z.strictObject({ kind: z.literal('unique'), columns: z.array(column).min(1), ...common }),
  z.strictObject({ kind: z.literal('rowBand'), min: z.int().min(0), max: z.int().min(1), ...common }),
  z.strictObject({ kind: z.literal('freshness'), column, within: durationSchema, ...common }),
  z.strictObject({ kind: z.literal('monotonic'), column, ...common }),
  z.strictObject({ kind: z.literal('noDuplicates'), ...common }),
  z.strictObject({ kind: z.literal('check'), name: column, sql: z.string().min(1), ...common }),
  z.strictObject({
    kind: z.literal('reference'),
    column,
    /** Name of a raw table of the same source, and the column of it that lists the known values. */
    to: z.strictObject({ table: column, column }),
    ...common,
  }),
]);

export type Rule = z.infer<typeof ruleSchema>;
export type RuleKind = Rule['kind'];

/** The columns a rule names, each with the field that names it, so that an error can point at it. */
export function ruleColumns(rule: Rule): { field: PropertyKey[]; name: string }[] {
  if ('column' in rule) return [{ field: ['column'], name: rule.column }];
  if ('columns' in rule) return rule.columns.map((name, i) => ({ field: ['columns', i], name }));
  return [];
}

/** Stable id of a rule in reports: its kind and what it looks at, such as `hardRange:dep_delay`. */
export function ruleId(rule: Rule): string {
  if (rule.kind === 'check') return `check:${rule.name}`;
  const names = ruleColumns(rule).map((c) => c.name);
  return names.length === 0 ? rule.kind : `${rule.kind}:${names.join('+')}`;
}
