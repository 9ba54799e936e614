import type { Problem } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import type { ColumnType } from '@repo/contract/source';
import { identifier } from '@repo/datasets/sql-text';
import type { ScoreTable } from './open-table.ts';

type Field = ModelContract['request'][number];

/** Types of DuckDB that a field may come in, by its own. */
const accepted: Readonly<Record<ColumnType, { types: RegExp; allowed: string }>> = {
  text: { types: /^(VARCHAR|ENUM\(.+\))$/s, allowed: 'VARCHAR' },
  integer: { types: /^U?((TINY|SMALL|BIG)INT|INTEGER)$/, allowed: 'BIGINT' },
  number: { types: /^(U?((TINY|SMALL|BIG)INT|INTEGER)|FLOAT|DOUBLE|DECIMAL\(.+\))$/, allowed: 'DOUBLE' },
  boolean: { types: /^BOOLEAN$/, allowed: 'BOOLEAN' },
  instant: {
    types: /^(TIMESTAMP WITH TIME ZONE|VARCHAR)$/,
    allowed: 'TIMESTAMP WITH TIME ZONE, or text such as 2013-12-24T18:00:00Z',
  },
};

/** What is wrong with the column that a field is read from. */
export function columnProblems({ name, type, required }: Field, { columns, isText }: ScoreTable): Problem[] {
  const found = columns.get(name);
  const { types, allowed } = accepted[type];
  if (found === undefined)
    return required
      ? [{ path: `column ${name}`, received: 'no such column', allowed, action: 'add the column, or correct its name' }]
      : [];
  if (isText || types.test(found)) return [];
  return [{ path: `column ${name}`, received: found, allowed, action: 'write the column in this type' }];
}

/** As parseInstant of @repo/contract reads it: a date, or a time with its zone. */
const instantForm = String.raw`\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}))?`;

/** SQL that reads text as a value of the type, null where it is none. */
const fromText: Readonly<Record<ColumnType, (text: string) => string>> = {
  text: (text) => text,
  integer: (text) => String.raw`CASE WHEN regexp_full_match(${text}, '-?\d+') THEN TRY_CAST(${text} AS BIGINT) END`,
  number: (text) => `TRY_CAST(${text} AS DOUBLE)`,
  boolean: (text) => `CASE ${text} WHEN 'true' THEN true WHEN 'false' THEN false END`,
  instant: (text) => `CASE WHEN regexp_full_match(${text}, '${instantForm}') THEN TRY_CAST(${text} AS TIMESTAMPTZ) END`,
};

const duckdbTypes: Readonly<Record<ColumnType, string>> = {
  text: 'VARCHAR',
  integer: 'BIGINT',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  instant: 'TIMESTAMPTZ',
};

/** SQL of a field as a request has it, and of whether the file holds something else in its place. */
export function readColumn(
  { name, type, required }: Field,
  { columns }: ScoreTable,
): { value: string; invalid: string } {
  const found = columns.get(name);
  if (found === undefined) return { value: `CAST(NULL AS ${duckdbTypes[type]})`, invalid: 'false' };
  const column = identifier(name);
  const value = found === 'VARCHAR' ? fromText[type](column) : `TRY_CAST(${column} AS ${duckdbTypes[type]})`;
  const checks = [
    // As in the service: only in these years are microseconds exact in a double, and no number is infinite.
    ...(type === 'instant'
      ? [`(${value}) NOT BETWEEN TIMESTAMPTZ '1685-01-01 00:00:00Z' AND TIMESTAMPTZ '2254-01-01 00:00:00Z'`]
      : []),
    ...(type === 'number' ? [`NOT isfinite(${value})`] : []),
    required ? `(${value}) IS NULL` : `(${column} IS NOT NULL AND (${value}) IS NULL)`,
  ];
  return { value, invalid: `coalesce(${checks.join(' OR ')}, true)` };
}
