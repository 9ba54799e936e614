import type { Database } from '@repo/datasets/database';
import { exactSum, readExactSum } from '../realised/exact-sum.ts';
import type { ScoredRows } from './estimate-quality.ts';

/** Probabilities of answers that fit a filter, SQL over the view `outcomes`, in 2048 classes: bounded whatever the traffic. */
export async function readScoredRows(database: Database, filter: string): Promise<ScoredRows> {
  const rows = await database.rows(`
    SELECT ${exactSum('probability')} AS probabilities, count(*) AS rows FROM outcomes WHERE probability IS NOT NULL AND (${filter})
    GROUP BY CAST(floor(probability * 2048) AS INTEGER) ORDER BY CAST(floor(probability * 2048) AS INTEGER)`);
  return {
    probabilities: Float64Array.from(rows, (row) => readExactSum(row.probabilities) / Number(row.rows)),
    rows: Float64Array.from(rows, (row) => Number(row.rows)),
  };
}
