import { DuckDBTimestampTZValue } from '@duckdb/node-api';
import { formatInstant } from '@repo/contract/instant';
import type { Row } from './database.ts';
import type { ExampleValue } from './validation-report.ts';

function exampleValue(value: Row[string]): ExampleValue {
  if (value instanceof DuckDBTimestampTZValue) return formatInstant(Number(value.micros));
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === null || typeof value === 'boolean') return value;
  return String(value);
}

/** DuckDB rows as plain JSON for a report. */
export const exampleRows = (rows: readonly Row[]): Record<string, ExampleValue>[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, exampleValue(value)])));
