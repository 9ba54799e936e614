import type { Task } from '@repo/contract/task';
import type { Database, Row } from '@repo/datasets/database';
import { exactSum, readExactSum } from './exact-sum.ts';
import { lossSql } from './loss-sql.ts';

/** Classes of scores that cells tell apart: an AUC from them is within 1 / 4096 of the exact one. */
const scoreBins = 2048;

/**
 * Answers with their labels, summed by day and class of score, so that ten million of them are some ten thousand cells and every metric is one
 * pass over these. Cells are in ascending order of score; element i of each column belongs to cell i.
 */
export interface Cells {
  /** Days since 1970, UTC. */
  readonly day: Int32Array;
  /** Class of the scores. */
  readonly bin: Int32Array;
  readonly rows: Float64Array;
  readonly positives: Float64Array;
  readonly scores: Float64Array;
  /** Sums of the log-loss, or of absolute errors. */
  readonly losses: Float64Array;
  /** Sums of squared errors. */
  readonly squares: Float64Array;
  /** Sums of labels and of their squares. */
  readonly labels: Float64Array;
  readonly labelSquares: Float64Array;
}

const number = (value: Row[string] | undefined): number => Number(value ?? 0);

/** Reads cells of the answers that have a label and fit a filter, SQL over the view `outcomes`. */
export async function readCells(database: Database, task: Task, filter: string): Promise<Cells> {
  const score = 'coalesce(probability, prediction)';
  const bin = task === 'binary' ? `CAST(floor(${score} * ${scoreBins}) AS INTEGER)` : '0';
  const rows = await database.rows(`
    SELECT at_us // 86400000000 AS day, ${bin} AS bin, count(*) AS rows, count(*) FILTER (label = 1) AS positives, ${exactSum(score)} AS scores,
      ${exactSum(lossSql[task])} AS losses, ${exactSum(`pow(${score} - label, 2)`)} AS squares, ${exactSum('label')} AS labels,
      ${exactSum('label * label')} AS label_squares
    FROM outcomes WHERE label IS NOT NULL AND ${score} IS NOT NULL AND (${filter}) GROUP BY ALL ORDER BY bin, day`);
  const column = (name: string) => Float64Array.from(rows, (row) => number(row[name]));
  const sums = (name: string) => Float64Array.from(rows, (row) => readExactSum(row[name]));
  return {
    day: Int32Array.from(rows, ({ day }) => number(day)),
    bin: Int32Array.from(rows, ({ bin }) => number(bin)),
    rows: column('rows'),
    positives: column('positives'),
    scores: sums('scores'),
    losses: sums('losses'),
    squares: sums('squares'),
    labels: sums('labels'),
    labelSquares: sums('label_squares'),
  };
}

/** How many answers the cells hold. */
export const rowsOfCells = ({ rows }: Cells): number => rows.reduce((sum, count) => sum + count, 0);
