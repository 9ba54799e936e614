import { existsSync } from 'node:fs';
import { InputError, show } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { parquetOfLog } from '@repo/serving/prediction-log/parquet-of-log';
import { fieldText, keyOf } from './request-key.ts';

export interface AnswersOptions {
  readonly model: Model;
  /** Folder of the prediction log. */
  readonly logDir: string;
  /** Folder for copies of what is in segments. */
  readonly temporaryDir: string;
  /** Column of the request that names the unit. */
  readonly unit: string;
}

/** Columns of {@link openAnswers} that older logs lack. */
const youngColumns = ['experiment'] as const;

async function columnsOf(database: Database, relation: string): Promise<Set<string>> {
  const rows = await database.rows(`DESCRIBE SELECT * FROM ${relation}`);
  return new Set(rows.map(({ column_name }) => String(column_name)));
}

/**
 * Makes the table `answers`: each prediction of the model that the log holds, once, with its unit and the key that tells its event. Returns
 * how many lines of the log were damaged. Throws InputError when there is no such folder.
 */
export async function openAnswers(database: Database, options: AnswersOptions): Promise<number> {
  const { model, logDir, temporaryDir, unit } = options;
  if (!existsSync(logDir)) {
    const allowed = 'the folder of a prediction log';
    const action = 'name PREDICTION_LOG_DIR of the service with --log, or answer predictions first';
    throw new InputError({ path: '--log', received: show(logDir), allowed, action });
  }
  const { files, damaged } = parquetOfLog(logDir, model.name, temporaryDir);
  if (files.length === 0) {
    await database.run(`CREATE TABLE answers (id VARCHAR, time TIMESTAMPTZ, version VARCHAR, level VARCHAR, variant VARCHAR,
      propensity DOUBLE, experiment VARCHAR, probability DOUBLE, prediction DOUBLE, decision BOOLEAN, unit VARCHAR, key VARCHAR)`);
    return damaged;
  }
  const relation = `read_parquet([${files.map(quoteText).join(', ')}], union_by_name = true, hive_partitioning = false)`;
  const has = await columnsOf(database, relation);
  const young = youngColumns.map((name) => (has.has(name) ? name : `CAST(NULL AS VARCHAR) AS ${name}`));
  const unitText = fieldText(unit, model.events.columns[unit]?.type ?? 'text');
  await database.run(`CREATE TABLE answers AS
    SELECT DISTINCT ON (id) id, time, version, level, variant, propensity, ${young.join(', ')}, probability, prediction, decision,
      nullif(${unitText}, '') AS unit, ${keyOf(model, fieldText)} AS key
    FROM ${relation} WHERE kind = 'predict' AND model = ${quoteText(model.name)} ORDER BY id, time`);
  return damaged;
}
