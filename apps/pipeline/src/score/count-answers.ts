import { extname } from 'node:path';
import type { Database } from '@repo/datasets/database';
import { rawFileSql } from '@repo/datasets/raw-file';

/** What became of the rows of a file. */
export interface AnswerCounts {
  readonly rows: number;
  readonly answered: number;
  /** Rows by reason, most frequent first. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** The list of reasons as each kind of file has it when it is read. */
const lists: Readonly<Record<string, string>> = {
  '.parquet': 'degraded_reasons',
  '.csv': "string_split(degraded_reasons, ' ')",
  '.jsonl': 'CAST(CAST(degraded_reasons AS JSON) AS VARCHAR[])',
};

/** Counts the rows of a file with answers, `output` being the column of the answer. */
export async function countAnswers(database: Database, path: string, output: string): Promise<AnswerCounts> {
  const from = rawFileSql(path, 'file');
  const [all] = await database.rows(`SELECT count(*) AS rows, count("${output}") AS answered FROM ${from}`);
  const reasons = await database.rows(
    `SELECT reason, count(*) AS rows FROM (SELECT unnest(${lists[extname(path)]}) AS reason FROM ${from})
    GROUP BY reason ORDER BY rows DESC, reason`,
  );
  return {
    rows: Number(all?.rows),
    answered: Number(all?.answered),
    reasons: Object.fromEntries(reasons.map(({ reason, rows }) => [String(reason), Number(rows)])),
  };
}
