import { existsSync } from 'node:fs';
import { InputError, show } from '@repo/contract/input-error';
import { quoteText } from '@repo/datasets/sql-text';
import { parquetOfLog } from '@repo/serving/prediction-log/parquet-of-log';

/** What a prediction log holds of one model. */
export interface LogRelation {
  /** SQL of its rows with where they lie, `filename` and `file_row_number`; null for none. */
  readonly relation: string | null;
  /** How many lines were damaged and are left out. */
  readonly damaged: number;
}

/**
 * Opens the prediction log in `dir` as a DuckDB relation; copies of what is not compacted yet go into `temporaryDir`. Throws InputError when
 * there is no such folder.
 */
export function logRelation(dir: string, model: string, temporaryDir: string): LogRelation {
  if (!existsSync(dir)) {
    const allowed = 'the folder of a prediction log';
    const action = 'name PREDICTION_LOG_DIR of the service with --log, or answer predictions first';
    throw new InputError({ path: '--log', received: show(dir), allowed, action });
  }
  const { files, damaged } = parquetOfLog(dir, model, temporaryDir);
  if (files.length === 0) return { relation: null, damaged };
  const options = 'union_by_name = true, hive_partitioning = false, filename = true, file_row_number = true';
  return { relation: `read_parquet([${files.map(quoteText).join(', ')}], ${options})`, damaged };
}
