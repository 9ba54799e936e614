import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import type { LoggedFeature } from './score-again.ts';

/** An answer as the log has it. */
export interface LoggedAnswer {
  readonly probability: number;
  readonly features: readonly LoggedFeature[];
}

/** Answers of the table `answers` that the champion level of a variant gave. */
export async function readAnswers(database: Database, variant: string): Promise<LoggedAnswer[]> {
  const rows = await database.rows(
    `SELECT probability, features FROM answers WHERE variant = ${quoteText(variant)} AND level = 'champion'`,
  );
  return rows.map(({ probability, features }) => ({
    probability: Number(probability),
    features: JSON.parse(String(features)) as LoggedFeature[],
  }));
}
