import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';

/** What was done to the labels. */
export interface Poisoned {
  /** Flights that arrived within 15 minutes of their time, and are said to have been late. */
  readonly flights: number;
  /** First day that is left as it was. */
  readonly until: string;
}

/** Of ten punctual flights so many are said to be late. */
const poisonedOfTen = 3;
/** Minutes that are added to their delay: within every range of the data contract, so that no row is refused. */
const addedMinutes = 40;

/**
 * Poisons the labels of a copied checkout up to a day: three of ten punctual flights are said to have landed 40 minutes later, as a feed with a
 * wrong clock would. Each row by itself fits the data contract. The days that the gates test on are left alone.
 */
export async function poisonLabels(database: Database, root: string, until: string): Promise<Poisoned> {
  const file = join(root, 'features/flights/data/flights-2013.parquet');
  const chosen = `arr_delay < 15 AND time_hour < TIMESTAMP ${quoteText(until)} AND hash(carrier, flight, origin, time_hour) % 10 < ${poisonedOfTen}`;
  const [row] = await database.rows(`SELECT count(*) AS n FROM read_parquet(${quoteText(file)}) WHERE ${chosen}`);
  await database.run(
    `COPY (SELECT * REPLACE (CASE WHEN ${chosen} THEN arr_delay + ${addedMinutes} ELSE arr_delay END AS arr_delay)
     FROM read_parquet(${quoteText(file)})) TO ${quoteText(`${file}.new`)} (FORMAT parquet)`,
  );
  await rename(`${file}.new`, file);
  return { flights: Number(row?.n ?? 0), until };
}
