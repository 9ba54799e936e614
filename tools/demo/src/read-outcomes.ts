import { microseconds } from '@repo/contract/duration';
import type { InstantUs } from '@repo/contract/instant';
import type { Model } from '@repo/contract/model';
import type { Database } from '@repo/datasets/database';
import { identifier, quoteText } from '@repo/datasets/sql-text';
import { parquetOfLog } from '@repo/serving/prediction-log/parquet-of-log';

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

export interface OutcomesOptions {
  readonly model: Model;
  /** Folders of prediction logs. */
  readonly logDirs: readonly string[];
  readonly temporaryDir: string;
  /** Parquet file of the typed events. */
  readonly dataPath: string;
  /** Labels that became known later are not known yet. */
  readonly knownByUs: InstantUs;
  readonly fromUs: InstantUs;
  readonly toUs: InstantUs;
}

/** Answers to requests of a span of event time, from the service's own log, with the labels that had arrived by a moment. */
export async function readOutcomes(database: Database, options: OutcomesOptions): Promise<Outcome[]> {
  const { model, fromUs, toUs, knownByUs } = options;
  const files = options.logDirs.flatMap((dir) => parquetOfLog(dir, model.name, options.temporaryDir).files);
  const { label, events, cutoff } = model;
  const knownAt = events.columns[label.column]?.knownAt;
  if (knownAt === undefined || events.key[0] === undefined)
    throw new Error('the label has no moment at which it is known');
  const moment = `(epoch_us(e.${identifier(cutoff.column)}) - ${microseconds(cutoff.lead)})`;
  const rows = await database.rows(
    `SELECT DISTINCT ON (a.id) a.id, ${moment} AS at_us, a.version, a.variant, a.level, a.probability, e.${identifier(label.column)} AS is_late
     FROM read_parquet([${files.map(quoteText).join(', ')}], union_by_name = true, hive_partitioning = false) a
     JOIN read_parquet(${quoteText(options.dataPath)}, hive_partitioning = false) e ON e.${identifier(events.key[0])} = a.id
     WHERE a.kind = 'predict' AND e.${identifier(label.column)} IS NOT NULL AND epoch_us(e.${identifier(knownAt)}) <= ${knownByUs}
       AND ${moment} >= ${fromUs} AND ${moment} < ${toUs}
     ORDER BY a.id, a.time`,
  );
  return rows.map((row) => ({
    id: String(row.id),
    atUs: Number(row.at_us),
    version: String(row.version),
    variant: String(row.variant),
    level: String(row.level),
    probability: Number(row.probability),
    isLate: row.is_late === true,
  }));
}
