import { z } from 'zod';
import { columnNameSchema, nameSchema } from './name.ts';
import { parseOrThrow } from './parse.ts';
import { type Rule, type RuleKind, ruleColumns, ruleSchema } from './rule.ts';
import type { SqlTable } from './sql-table.ts';

/** Types a snapshot column can have: UTF-8 text, 64-bit integer, double, boolean, instant in UTC microseconds. */
export const ColumnType = {
  text: 'text',
  integer: 'integer',
  number: 'number',
  boolean: 'boolean',
  instant: 'instant',
} as const;
export type ColumnType = (typeof ColumnType)[keyof typeof ColumnType];

/** One column of a source's snapshot. */
export interface Column {
  type: ColumnType;
  /** Meaning and unit, for people. */
  about: string;
  /** Left out: never null, and a null fails validation. */
  nullable?: boolean | undefined;
  /**
   * The instant column that says when this value becomes known, such as `departed_at` for a departure delay.
   * Left out: known beforehand, so that a request can carry it.
   */
  knownAt?: string | undefined;
}

/** What a source looks like before {@link defineSource} checks it. */
export interface SourceDefinition {
  name: string;
  about: string;
  owner: string;
  licence: string;
  /** Columns that together identify a row. */
  key: readonly string[];
  /** The instant column in which rows happen; null for a reference table that has no time. */
  eventTime: string | null;
  columns: Readonly<Record<string, Column>>;
  /**
   * Raw data by the table name that `sql` reads it under: files, Parquet, CSV or JSON lines as told by their ending, or tables of a database
   * (`sqlTable`).
   */
  raw: Readonly<Record<string, URL | SqlTable>>;
  /** A DuckDB SELECT over the raw tables that yields exactly `columns`. Written by the source's owner, never built from input. */
  sql: string;
  /** Queries over the raw tables whose single text column ingest lists, by title: things a person should know. */
  notes?: Readonly<Record<string, string>> | undefined;
  /** The data contract, beyond presence, type and nulls, which follow from `columns`. */
  rules: readonly Rule[];
}

/** A checked source of the catalogue: typed rows with a data contract. */
export interface Source extends SourceDefinition {
  readonly kind: 'source';
}

const numeric: readonly ColumnType[] = ['integer', 'number', 'instant'];

/** The column types that a rule can look at, where not all. */
const ruleTypes: Partial<Record<RuleKind, readonly ColumnType[]>> = {
  hardRange: numeric,
  softRange: numeric,
  monotonic: numeric,
  freshness: ['instant'],
  categories: ['text'],
  reference: ['text', 'integer'],
};

const columnSchema: z.ZodType<Column> = z.strictObject({
  type: z.enum(ColumnType),
  about: z.string().min(1),
  nullable: z.boolean().optional(),
  knownAt: columnNameSchema.optional(),
});

const schema: z.ZodType<SourceDefinition> = z
  .strictObject({
    name: nameSchema,
    about: z.string().min(1),
    owner: z.string().min(1),
    licence: z.string().min(1),
    key: z.array(columnNameSchema).min(1),
    eventTime: columnNameSchema.nullable(),
    columns: z.record(columnNameSchema, columnSchema),
    raw: z.record(
      columnNameSchema,
      z.custom<URL | SqlTable>(
        (raw) => (raw instanceof URL ? raw.protocol === 'file:' : (raw as SqlTable | null)?.kind === 'sqlTable'),
        {
          error: "new URL('<file>', import.meta.url) or sqlTable({ ... })",
        },
      ),
    ),
    sql: z.string().min(1),
    notes: z.record(z.string(), z.string()).optional(),
    rules: z.array(ruleSchema),
  })
  .superRefine((source, context) => {
    const names = Object.keys(source.columns);
    const instants = names.filter((name) => source.columns[name]?.type === 'instant');
    const need = (path: PropertyKey[], received: string, among: string[]) => {
      if (among.includes(received)) return;
      const allowed = among.join(', ') || 'a declared column';
      context.addIssue({
        code: 'custom',
        path,
        params: { allowed, action: 'name one of these columns, or declare it' },
      });
    };
    source.key.forEach((name, i) => {
      need(['key', i], name, names);
    });
    if (source.eventTime !== null) need(['eventTime'], source.eventTime, instants);
    for (const [name, column] of Object.entries(source.columns)) {
      if (column.knownAt !== undefined) need(['columns', name, 'knownAt'], column.knownAt, instants);
    }
    source.rules.forEach((rule, i) => {
      const types = ruleTypes[rule.kind];
      const fit = names.filter((name) => types?.includes(source.columns[name]?.type as ColumnType) ?? true);
      for (const { field, name } of ruleColumns(rule)) need(['rules', i, ...field], name, fit);
      if (rule.kind === 'reference') need(['rules', i, 'to', 'table'], rule.to.table, Object.keys(source.raw));
    });
  });

/** Declares a source; throws InputError listing every problem with its path. */
export function defineSource(definition: SourceDefinition): Source {
  const label = typeof definition?.name === 'string' ? definition.name : 'source';
  return { ...parseOrThrow(schema, definition, label), kind: 'source' };
}
