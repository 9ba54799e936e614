import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { parquetOfLog } from '@repo/serving/prediction-log/parquet-of-log';

export interface LogOptions {
  readonly logDir: string;
  readonly model: string;
  /** Takes copies of what is not compacted yet. */
  readonly temporaryDir: string;
}

/** Makes the table `answers` of every answer that the log of a service holds, each once; may be called again when there are more. */
export async function openLog(database: Database, { logDir, model, temporaryDir }: LogOptions): Promise<void> {
  const { files } = parquetOfLog(logDir, model, temporaryDir);
  const relation = `read_parquet([${files.map(quoteText).join(', ')}], union_by_name = true, hive_partitioning = false)`;
  await database.run(
    `CREATE OR REPLACE TABLE answers AS SELECT DISTINCT ON (id) id, version, variant, level, digest, probability, features
     FROM ${relation} WHERE kind = 'predict' ORDER BY id, time`,
  );
}
