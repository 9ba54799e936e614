import { microseconds } from '@repo/contract/duration';
import type { InstantUs } from '@repo/contract/instant';
import type { Model } from '@repo/contract/model';
import type { Database } from '@repo/datasets/database';
import { identifier, quoteText } from '@repo/datasets/sql-text';
import type { LoggedFeature } from '@repo/experiments/answer-again';

/** An answer of the service whose truth is known. */
export interface Outcome {
  readonly id: string;
  /** Moment of the request, in event time. */
  readonly atUs: InstantUs;
  readonly version: string;
  readonly variant: string;
  readonly level: string;
  readonly probability: number;
  readonly isLate: boolean;
}

/** One with the features that it was answered from. */
export interface OutcomeWithFeatures extends Outcome {
  readonly features: readonly LoggedFeature[];
}

export interface OutcomesOptions {
  readonly model: Model;
  /** Parquet file of the typed events. */
  readonly dataPath: string;
  readonly fromUs: InstantUs;
  readonly toUs: InstantUs;
  /** Labels that became known later are not known yet. */
  readonly knownByUs: InstantUs;
}

/** Answers of the table `answers` to requests of a span of event time, with the labels that had arrived by a moment, in order of time. */
export async function readOutcomes(database: Database, options: OutcomesOptions): Promise<OutcomeWithFeatures[]> {
  const { model, fromUs, toUs, knownByUs } = options;
  const { label, events, cutoff } = model;
  const knownAt = events.columns[label.column]?.knownAt;
  const key = events.key[0];
  if (knownAt === undefined || key === undefined) throw new Error('the events lack a key or a time of the label');
  const moment = `(epoch_us(e.${identifier(cutoff.column)}) - ${microseconds(cutoff.lead)})`;
  const rows = await database.rows(
    `SELECT a.*, ${moment} AS at_us, e.${identifier(label.column)} AS is_late
     FROM answers a JOIN read_parquet(${quoteText(options.dataPath)}, hive_partitioning = false) e ON e.${identifier(key)} = a.id
     WHERE e.${identifier(label.column)} IS NOT NULL AND epoch_us(e.${identifier(knownAt)}) <= ${knownByUs}
       AND ${moment} >= ${fromUs} AND ${moment} < ${toUs} ORDER BY at_us, a.id`,
  );
  return rows.map((row) => ({
    id: String(row.id),
    atUs: Number(row.at_us),
    version: String(row.version),
    variant: String(row.variant),
    level: String(row.level),
    probability: Number(row.probability),
    isLate: row.is_late === true,
    get features() {
      return JSON.parse(String(row.features)) as LoggedFeature[];
    },
  }));
}
