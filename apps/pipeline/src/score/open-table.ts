import { extname } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import type { Database } from '@repo/datasets/database';
import { rawFileSql } from '@repo/datasets/raw-file';

/** A file whose rows are to be scored. */
export interface ScoreTable {
  readonly path: string;
  /** The SQL after FROM that reads it. */
  readonly from: string;
  /** DuckDB type by name of the column. */
  readonly columns: ReadonlyMap<string, string>;
  readonly rows: number;
  /** CSV and JSON lines, whose values are all read as text. */
  readonly isText: boolean;
}

/** What DuckDB says in its first line. */
const saidBy = (error: unknown): string => (error as Error).message.split('\n', 1)[0]?.slice(0, 300) ?? '';

/** Whether DuckDB refused what a file holds. */
const isRefusal = (error: unknown): boolean =>
  error instanceof Error &&
  /^(Invalid Input|IO|Conversion|Invalid|TProtocol|Serialization)[^:]* Error:/.test(error.message);

/** Runs what reads the file; throws InputError where its content is damaged. */
export async function readingTable<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new InputError({
      path: show(path),
      received: saidBy(error),
      allowed:
        'a whole Parquet, CSV or JSON lines file; CSV in UTF-8 with as many fields in every row as in its header',
      action: 'write the file again, or mend it',
    });
  }
}

/** Opens a Parquet, CSV or JSON lines file by its ending. Throws InputError for one that cannot be read, or has no row. */
export async function openTable(database: Database, path: string): Promise<ScoreTable> {
  const from = rawFileSql(path, 'file');
  return readingTable(path, async () => {
    const described = await database.rows(`DESCRIBE SELECT * FROM ${from}`);
    const columns = new Map(described.map((row) => [String(row.column_name), String(row.column_type)]));
    const [count] = await database.rows(`SELECT count(*) AS rows FROM ${from}`);
    const rows = Number(count?.rows);
    if (rows === 0) {
      const [received, allowed] = [`${show(path)}, which has 0 rows`, 'at least one row'];
      throw new InputError({ path: 'file', received, allowed, action: 'write the file again' });
    }
    return { path, from, columns, rows, isText: extname(path) !== '.parquet' };
  });
}
