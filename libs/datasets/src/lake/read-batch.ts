import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import type { Source } from '@repo/contract/source';
import type { Database } from '../database.ts';
import { rawFileSql } from '../raw-file.ts';
import { sqlError } from '../raw-tables.ts';
import { quoteName, quoteText } from '../sql-text.ts';
import type { Batch } from './batch-stream.ts';
import { batchLimit } from './lake-limits.ts';
import { UnreadableBatch } from './unreadable-batch.ts';

/** A column of the first raw table, and its DuckDB type. */
export interface RawColumn {
  readonly name: string;
  readonly type: string;
}

/** Columns that a batch may have besides those of the raw table: when a row was known, and what a quarantine file says of it. */
const extraColumns = { observed: 'observed_at', rules: 'rules' } as const;

/** What a batch holds. */
export interface ReadBatch {
  /** SHA-256 of its rows. */
  readonly id: string;
  /** Rows that came, and how many of them came again. */
  readonly rows: number;
  readonly repeated: number;
  /** Whether it says when its rows were known. */
  readonly hasObserved: boolean;
}

/** A file that holds a batch; `isText`: it came as text, row by row. */
export interface BatchFile {
  readonly name: string;
  readonly path: string;
  readonly isText: boolean;
}

/** Path of a batch's file; one that came as text is written to `folder` first. */
export function batchPath(batch: Batch, folder: string): string {
  if ('path' in batch) return batch.path;
  const path = join(folder, `batch.${batch.kind}`);
  writeFileSync(path, batch.text);
  return path;
}

function checkNames(source: Source, batch: string, columns: readonly RawColumn[], found: readonly string[]): void {
  const table = Object.keys(source.raw)[0];
  const names = columns.map(({ name }) => name);
  const isExtra = (name: string) => Object.values<string>(extraColumns).includes(name);
  const added = found.filter((name) => !names.includes(name) && !isExtra(name));
  const missing = names.filter((name) => !found.includes(name));
  const definition = `the definition of the source ${source.name} (its raw file ${table}, its SQL and its columns)`;
  const problems = [
    ...added.map((name) => ({
      path: `${batch}: ${name}`,
      received: `a column that ${table} of ${source.name} does not have`,
      allowed: names.join(', '),
      action: `leave it out; or, where it is to be kept, add it to ${definition}, then ingest the batch`,
    })),
    ...missing.map((name) => ({
      path: `${batch}: ${name}`,
      received: 'no such column',
      allowed: `every column of ${table}, null where a value is not known`,
      action: `add it to the batch; or, where it is gone for good, take it out of ${definition}`,
    })),
  ];
  if (problems.length > 0) throw new InputError(problems);
}

/** A text as a value of a type, null where it is none: a fraction is no integer. Nearly every integer is plain digits, and decimals take long to read. */
export function castText(text: string, type: string): string {
  const value = `TRY_CAST(${text} AS ${type})`;
  if (!/INT/.test(type)) return value;
  return `CASE WHEN regexp_full_match(${text}, '-?[0-9]{1,18}') THEN ${value} WHEN TRY_CAST(${text} AS DECIMAL(38, 9)) = ${value} THEN ${value} END`;
}

/** Throws InputError for a batch that is larger than one may be. */
function checkSize(path: string, what: 'bytes' | 'rows', found: number): void {
  const most = batchLimit[what];
  if (found <= most) return;
  const action = 'split it: batches may come in any order';
  throw new InputError({ path, received: `${found} ${what}`, allowed: `at most ${most} ${what}`, action });
}

async function read(
  database: Database,
  source: Source,
  columns: readonly RawColumn[],
  { name, path, isText }: BatchFile,
): Promise<ReadBatch> {
  const reader = rawFileSql(path, name);
  checkSize(name, 'bytes', statSync(path).size);
  try {
    await database.run(`CREATE OR REPLACE TEMP TABLE batch_file AS SELECT * FROM ${reader}`);
  } catch (error) {
    throw sqlError(name, error, 'mend the file, or write it again');
  }
  const described = await database.rows('DESCRIBE batch_file');
  const found = described.map(({ column_name }) => String(column_name));
  checkNames(source, name, columns, found);
  const isRaw = (column: string) => columns.some((one) => one.name === column);
  const hasObserved = found.includes(extraColumns.observed) && !isRaw(extraColumns.observed);
  const read = [
    ...columns,
    ...(hasObserved ? [{ name: extraColumns.observed, type: 'TIMESTAMP WITH TIME ZONE' }] : []),
  ];
  const texts = read.map((column) => {
    const text = `CAST(${quoteName(column.name)} AS VARCHAR)`;
    return `coalesce(CAST(${castText(text, column.type)} AS VARCHAR), ${text})`;
  });
  await database.run(
    `CREATE OR REPLACE TEMP TABLE batch_rows AS SELECT row_number() OVER () AS _row, _text FROM (
       SELECT DISTINCT [${texts.join(', ')}] AS _text FROM batch_file ORDER BY _text)`,
  );
  const [count] = await database.rows(
    `SELECT (SELECT count(*) FROM batch_file) AS came, count(*) AS kept,
       sha256(string_agg(sha256(CAST(to_json(_text) AS VARCHAR)), '' ORDER BY _row)) AS id FROM batch_rows`,
  );
  // What came as text is small, and its sender is told which of its rows were kept out.
  if (isText)
    await database.run(
      `CREATE OR REPLACE TEMP VIEW batch_lines AS SELECT rowid AS _line, [${texts.join(', ')}] AS _text FROM batch_file`,
    );
  else await database.run('DROP TABLE batch_file');
  if (count === undefined || Number(count.came) === 0) {
    const action = 'write it again with its rows';
    throw new InputError({
      path: name,
      received: `${quoteText(path)}, which has 0 rows`,
      allowed: 'at least one row',
      action,
    });
  }
  const rows = Number(count.came);
  checkSize(name, 'rows', rows);
  return { id: String(count.id), rows, repeated: rows - Number(count.kept), hasObserved };
}

/**
 * Reads a batch into the table `batch_rows`: `_row` from 1, and `_text`, its values as text in the order of `columns`, and after them
 * when it was known, if the batch says so. A value that has its column's type is written as this type is, so that the same rows are
 * the same texts in every kind of file. Rows that come twice are there once. Of a batch that came as text the view `batch_lines` says for each
 * position, `_line` from 0, what `_text` it became. Throws UnreadableBatch for a file that cannot be read, has no
 * row or other columns.
 */
export async function readBatch(
  database: Database,
  source: Source,
  columns: readonly RawColumn[],
  file: BatchFile,
): Promise<ReadBatch> {
  try {
    return await read(database, source, columns, file);
  } catch (error) {
    if (error instanceof InputError) throw new UnreadableBatch(error.problems);
    throw error;
  }
}
