import { StageFailure } from '@repo/contract/stage-failure';
import type { Database } from '@repo/datasets/database';
import type { FeatureTable } from './feature-table.ts';
import { spreadRows } from './spread-rows.ts';
import type { TrainerReference } from './trainer-reference.ts';

/** Trainers score in double precision and models in single: larger differences are defects, such as rounded thresholds. */
const tolerance = 1e-4;

/** Predictions that stay with the model. */
const keptRows = 2000;

async function readPredictions(database: Database, path: string): Promise<Map<string, number>> {
  const rows = await database
    .rows(
      'SELECT CAST(row_id AS VARCHAR) AS row_id, CAST(answer AS DOUBLE) AS answer FROM read_parquet($1, hive_partitioning = false)',
      [path],
    )
    .catch((cause: Error) => {
      throw new StageFailure(
        `predictions.parquet is no table of row_id and answer, a number: ${cause.message.split('\n')[0]}`,
      );
    });
  // A null answer is none; NaN differs from every answer.
  return new Map(rows.map((row) => [String(row.row_id), (row.answer as number | null) ?? Number.NaN]));
}

/**
 * Holds a foreign model to its trainer: the answers in its predictions.parquet (row_id, answer) must be those of the ONNX model on the same
 * validation rows, within 1e-4 of the answer or of 1, whichever is larger. Answers its predictions of up to 2000 of these rows, spread evenly,
 * to be kept with the model. Throws StageFailure where they differ or rows are left out.
 */
export async function checkPredictions(
  database: Database,
  path: string,
  table: FeatureTable,
  answers: Float32Array,
): Promise<TrainerReference> {
  const predicted = await readPredictions(database, path);
  const absent = table.rowIds.filter((id) => !predicted.has(id));
  if (absent.length > 0)
    throw new StageFailure(
      `predictions.parquet leaves out ${absent.length} of ${table.rowIds.length} rows of valid.parquet, such as ${absent[0]}: every row is needed.`,
    );
  const differ = table.rowIds.flatMap((id, row) => {
    const answer = answers[row] as number;
    const isNear = Math.abs((predicted.get(id) as number) - answer) <= tolerance * Math.max(1, Math.abs(answer));
    return isNear ? [] : [{ id, answer }];
  });
  if (differ[0] === undefined) {
    const rowIds = spreadRows(table.rowIds.length, keptRows).map((row) => table.rowIds[row] as string);
    return { schemaVersion: 1, by: 'answers', rowIds, answers: rowIds.map((id) => predicted.get(id) as number) };
  }
  const { id, answer } = differ[0];
  throw new StageFailure(
    `The model answers ${differ.length} of ${table.rowIds.length} validation rows otherwise than its trainer predicted: row ${id} with ${answer} instead of ${predicted.get(id)}. The export differs from what was trained.`,
  );
}
