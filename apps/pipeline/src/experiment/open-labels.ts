import { existsSync } from 'node:fs';
import { InputError, show } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import type { Database } from '@repo/datasets/database';
import { identifier, quoteText } from '@repo/datasets/sql-text';
import type { Context } from '../context.ts';
import { currentSnapshot } from '../snapshots.ts';
import { columnText, keyColumns, keyOf } from './request-key.ts';

export interface LabelsOptions {
  readonly model: Model;
  /** Columns of the events besides the label that metrics are made of. */
  readonly columns: readonly string[];
  /** Parquet or CSV file; null: the data of the model's events. */
  readonly path: string | null;
}

/** By what a row of labels finds its answer. */
type JoinBy = 'id' | 'key';

function refuse(path: string, received: string, allowed: string, action: string): never {
  throw new InputError({ path: `--labels ${path}`, received, allowed, action });
}

/** The file as a relation whose columns are texts or typed, as they are. */
function relationOf(path: string): string {
  if (!existsSync(path)) refuse(path, 'no such file', 'a .parquet or .csv file', 'correct the path');
  if (path.endsWith('.parquet')) return `read_parquet(${quoteText(path)})`;
  if (path.endsWith('.csv')) return `read_csv(${quoteText(path)}, header = true, all_varchar = true)`;
  return refuse(path, 'another kind of file', 'a .parquet or .csv file', 'convert it');
}

/** How the rows of a file find their answers. Throws InputError where a column is missing. */
function joinOf({ model, columns }: LabelsOptions, path: string, has: ReadonlySet<string>): JoinBy {
  const wanted = [model.label.column, ...columns];
  const by: JoinBy = has.has('request_id') ? 'id' : 'key';
  const keys = by === 'id' ? [] : keyColumns(model);
  const missing = [...keys, ...wanted].filter((name) => !has.has(name));
  if (missing.length === 0) return by;
  const allowed = `request_id or ${keyColumns(model).join(', ')}; and ${wanted.join(', ')}`;
  return refuse(path, `no column ${missing.join(', ')}`, allowed, 'add the columns');
}

/** What a label is as a number; throws InputError when a text of the file is none. */
async function checkNumbers(database: Database, path: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const column = identifier(name);
    const [odd] = await database.rows(
      `SELECT CAST(${column} AS VARCHAR) AS text FROM label_rows WHERE ${column} IS NOT NULL AND ${numberOf(name)} IS NULL LIMIT 1`,
    );
    if (odd !== undefined) {
      const allowed = 'numbers, true, false, or nothing';
      refuse(path, `${show(String(odd.text))} in column ${name}`, allowed, 'correct the column');
    }
  }
}

const numberOf = (name: string): string => {
  const text = `CAST(${identifier(name)} AS VARCHAR)`;
  return `coalesce(TRY_CAST(${text} AS DOUBLE), CAST(TRY_CAST(${text} AS BOOLEAN) AS DOUBLE))`;
};

async function columnNames(database: Database): Promise<Set<string>> {
  const described = await database.rows('DESCRIBE label_rows');
  return new Set(described.map(({ column_name }) => String(column_name)));
}

async function openRows(context: Context, database: Database, options: LabelsOptions): Promise<JoinBy> {
  const { model, columns, path } = options;
  if (path === null) {
    const { dataPath } = await currentSnapshot(context, model.events);
    await database.run(
      `CREATE VIEW label_rows AS SELECT * FROM read_parquet(${quoteText(dataPath)}, hive_partitioning = false)`,
    );
    return 'key';
  }
  try {
    await database.run(`CREATE VIEW label_rows AS SELECT * FROM ${relationOf(path)}`);
  } catch (error) {
    if (error instanceof InputError) throw error;
    refuse(
      path,
      `a file that cannot be read (${(error as Error).message.split('\n')[0]})`,
      'a .parquet or .csv file',
      'write it anew',
    );
  }
  const by = joinOf(options, path, await columnNames(database));
  await checkNumbers(database, path, [model.label.column, ...columns]);
  return by;
}

/**
 * Makes the table `labels`: for each event its key (or the id of its request), how many rows have it, and label and columns as numbers, a
 * yes being 1. Returns the column of `answers` that it is joined by. Throws InputError for a file that does not fit.
 */
export async function openLabels(context: Context, database: Database, options: LabelsOptions): Promise<JoinBy> {
  const { model, columns } = options;
  const by = await openRows(context, database, options);
  const key = by === 'id' ? 'CAST(request_id AS VARCHAR)' : keyOf(model, columnText);
  const values = [model.label.column, ...columns].map((name, i) => `any_value(${numberOf(name)}) AS value_${i}`);
  await database.run(
    `CREATE TABLE labels AS SELECT ${key} AS key, count(*) AS found, ${values.join(', ')} FROM label_rows GROUP BY 1`,
  );
  return by;
}
