import { join } from 'node:path';
import { StageFailure } from '@repo/contract/stage-failure';
import type { Database } from '@repo/datasets/database';
import type { FeatureTable } from './feature-table.ts';

/** Trainers score in double precision and models in single: larger differences are defects, such as rounded thresholds. */
const tolerance = 1e-4;

/**
 * Holds a foreign model to its trainer: the answers in predictions.parquet (row_id, answer) must be those of the ONNX model on the same
 * validation rows, within 1e-4 of the answer or of 1, whichever is larger. Throws StageFailure where they differ or rows are left out.
 */
export async function checkPredictions(
  database: Database,
  outDir: string,
  table: FeatureTable,
  answers: Float32Array,
): Promise<void> {
  const path = join(outDir, 'predictions.parquet');
  const rows = await database
    .rows('SELECT CAST(row_id AS VARCHAR) AS row_id, CAST(answer AS DOUBLE) AS answer FROM read_parquet($1)', [path])
    .catch((cause: unknown) => {
      throw new StageFailure(
        `predictions.parquet has no columns row_id and answer: ${(cause as Error).message.split('\n')[0]}`,
      );
    });
  const predicted = new Map(rows.map((row) => [row.row_id as string, row.answer as number]));
  table.rowIds.forEach((id, i) => {
    const expected = predicted.get(id);
    const answer = answers[i] as number;
    if (expected === undefined)
      throw new StageFailure(`predictions.parquet has no row ${id}: every row of valid.parquet is needed.`);
    if (Math.abs(expected - answer) <= tolerance * Math.max(1, Math.abs(answer))) return;
    throw new StageFailure(
      `The model answers ${answer} for row ${id}, but its trainer predicted ${expected}: the export differs from what was trained.`,
    );
  });
}
