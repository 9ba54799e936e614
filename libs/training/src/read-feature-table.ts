import { InputError } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Database, Row } from '@repo/datasets/database';
import type { FeatureTable } from './feature-table.ts';
import { createTrainingMatrix } from './training-matrix.ts';

/** Fewer rows than this cannot be trained on or measured. */
const minRows = 50;

async function readRows(database: Database, path: string, names: readonly string[]): Promise<Row[]> {
  const columns = ['label', ...names].map((name) => `CAST("${name}" AS FLOAT) AS "${name}"`).join(', ');
  const sql = `SELECT row_id, CAST("time" AS DOUBLE) AS "time", ${columns} FROM read_parquet($1) ORDER BY "time", row_id`;
  return database.rows(sql, [path]).catch((cause: Error) => {
    throw new InputError({
      path,
      received: cause.message.split('\n')[0] ?? '',
      allowed: 'a table of the features stage',
      action: 'run the features stage again',
    });
  });
}

/**
 * Reads one split written by the features stage: row_id, time (UTC microseconds), label and the features in contract order, null as NaN.
 * Throws InputError when the file is no such table or holds fewer than 50 rows.
 */
export async function readFeatureTable(
  database: Database,
  path: string,
  contract: ModelContract,
): Promise<FeatureTable> {
  const names = contract.features.map((f) => f.name);
  const rows = await readRows(database, path, names);
  if (rows.length < minRows) {
    throw new InputError({
      path,
      received: `${rows.length} rows`,
      allowed: `${minRows} or more`,
      action: 'widen the split, or check that its rows have labels',
    });
  }
  const column = (name: string) => Float32Array.from(rows, (row) => (row[name] as number | null) ?? Number.NaN);
  return {
    rowIds: rows.map((row) => String(row.row_id)),
    timesUs: Float64Array.from(rows, (row) => row.time as number),
    matrix: createTrainingMatrix({
      featureNames: names,
      categorical: contract.features.map((f) => f.categories !== null),
      columns: names.map(column),
      labels: column('label'),
    }),
  };
}
