import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import type { BatchScorer } from '@repo/serving/batch-scorer';
import { answerRows } from './answer-rows.ts';
import type { ScoreTable } from './open-table.ts';
import type { Scorable } from './scorable.ts';
import { scoresSql, writeRows } from './write-scores.ts';

const answers = 'score_answers';

export interface SlicesOptions {
  /** File to write. */
  readonly out: string;
  readonly table: ScoreTable;
  /** Rows that are read and answered at once. */
  readonly sliceRows: number;
  /** What answers, as the answers name it. */
  readonly bundle: { readonly contract: ModelContract; readonly version: number; readonly digest: string };
  readonly scorer: BatchScorer;
  /** Rows as the model sees them. */
  read(slice: ScoreTable): Promise<Scorable>;
  onStep(step: string, total: number): void;
  onAnswered(rows: number): void;
}

/** A table in slices of so many rows, in their order. */
function slicesOf(table: ScoreTable, sliceRows: number): ScoreTable[] {
  const count = Math.ceil(table.rows / sliceRows);
  if (count === 1) return [table];
  return Array.from({ length: count }, (_, i) => ({
    ...table,
    from: `(SELECT * FROM ${table.from} LIMIT ${sliceRows} OFFSET ${i * sliceRows})`,
    rows: Math.min(sliceRows, table.rows - i * sliceRows),
  }));
}

/** The rows of a slice with their answers, as SQL, once the model has given them. */
async function scoreSlice(database: Database, slice: ScoreTable, options: SlicesOptions): Promise<string> {
  const { out, bundle, scorer, read, onStep, onAnswered } = options;
  const scorable = await read(slice);
  onStep('score', slice.rows);
  await answerRows(database, scorer, scorable, answers, onAnswered);
  return scoresSql(out, { ...bundle, scorable, answers });
}

/**
 * Answers a table slice by slice, so that memory does not grow with it, and writes all rows in their order. A table of more slices than one is
 * written twice, first as parts in a folder beside the file, which is gone afterwards.
 */
export async function scoreSlices(database: Database, options: SlicesOptions): Promise<void> {
  const { out, table, sliceRows, onStep } = options;
  const slices = slicesOf(table, sliceRows);
  const [only, ...others] = slices as [ScoreTable, ...ScoreTable[]];
  if (others.length === 0) {
    const sql = await scoreSlice(database, only, options);
    onStep('write', 1);
    return writeRows(database, out, sql);
  }
  const folder = await mkdtemp(join(dirname(out), '.score-'));
  try {
    const parts = slices.map((_, i) => join(folder, `${i}.parquet`));
    for (const [i, slice] of slices.entries())
      await writeRows(database, parts[i] as string, await scoreSlice(database, slice, options));
    onStep('write', 1);
    const list = parts.map(quoteText).join(', ');
    await writeRows(database, out, `SELECT * FROM read_parquet([${list}], hive_partitioning = false)`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
