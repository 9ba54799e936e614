import { InputError } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Database } from '@repo/datasets/database';
import type { FeatureTable } from './feature-table.ts';
import { createTrainingMatrix } from './training-matrix.ts';

/** Fewer rows than this cannot be trained on or measured. */
const minRows = 50;

const sorted = 'sorted_split';

/** Sorts a split into a table; answers its number of rows. */
async function sortSplit(database: Database, path: string, names: readonly string[]): Promise<number> {
  const columns = ['label', ...names].map((name) => `CAST("${name}" AS FLOAT) AS "${name}"`).join(', ');
  try {
    await database.run(
      `CREATE OR REPLACE TEMP TABLE ${sorted} AS SELECT CAST(row_id AS VARCHAR) AS row_id, CAST("time" AS DOUBLE) AS "time", ${columns}
      FROM read_parquet($1, hive_partitioning = false) ORDER BY "time", row_id`,
      [path],
    );
  } catch (cause) {
    throw new InputError({
      path,
      received: (cause as Error).message.split('\n')[0] ?? '',
      allowed: 'a table of the features stage',
      action: 'run the features stage again',
    });
  }
  const [count] = await database.rows(`SELECT count(*) AS n FROM ${sorted}`);
  return Number(count?.n);
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
  const rows = await sortSplit(database, path, names);
  if (rows < minRows) {
    throw new InputError({
      path,
      received: `${rows} rows`,
      allowed: `${minRows} or more`,
      action: 'widen the split, or check that its rows have labels',
    });
  }
  // Column by column, which takes half the memory that whole rows as objects do.
  const read = async <T>(name: string) =>
    (await database.rows(`SELECT "${name}" AS value FROM ${sorted}`)).map((row) => row.value as T);
  const readFloats = async (name: string) =>
    Float32Array.from(await read<number | null>(name), (value) => value ?? Number.NaN);
  const columns: Float32Array[] = [];
  for (const name of names) columns.push(await readFloats(name));
  return {
    rowIds: await read<string>('row_id'),
    timesUs: Float64Array.from(await read<number>('time')),
    matrix: createTrainingMatrix({
      featureNames: names,
      categorical: contract.features.map((f) => f.categories !== null),
      columns,
      labels: await readFloats('label'),
    }),
  };
}
