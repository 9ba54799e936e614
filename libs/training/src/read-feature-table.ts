import { InputError } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Database } from '@repo/datasets/database';
import type { FeatureTable } from './feature-table.ts';
import { createTrainingMatrix } from './training-matrix.ts';

/** Fewer rows than this cannot be trained on or measured. */
const minRows = 50;

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
  const columns = names.map((name) => `"${name}"`).join(', ');
  const rows = await database
    .rows(
      `SELECT row_id, CAST("time" AS DOUBLE) AS t, label, ${columns} FROM read_parquet($1) ORDER BY "time", row_id`,
      [path],
    )
    .catch((cause: unknown) => {
      throw new InputError({
        path,
        received: (cause as Error).message.split('\n')[0] ?? '',
        allowed: 'a table of the features stage',
        action: 'run the features stage again',
      });
    });
  if (rows.length < minRows) {
    throw new InputError({
      path,
      received: `${rows.length} rows`,
      allowed: `${minRows} or more`,
      action: 'widen the split, or check that its rows have labels',
    });
  }
  return {
    rowIds: rows.map((row) => String(row.row_id)),
    timesUs: Float64Array.from(rows, (row) => row.t as number),
    matrix: createTrainingMatrix({
      featureNames: names,
      categorical: contract.features.map((f) => f.categories !== null),
      columns: names.map((name) => Float32Array.from(rows, (row) => (row[name] as number | null) ?? Number.NaN)),
      labels: Float32Array.from(rows, (row) => Number(row.label)),
    }),
  };
}
