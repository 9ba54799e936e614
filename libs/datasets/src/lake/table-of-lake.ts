import type { InstantUs } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import { identifier, quoteText } from '../sql-text.ts';
import { batchColumns, joinBatches, type RowFile } from './join-batches.ts';

/** Which rows count. */
interface TableOptions {
  readonly base: string | null;
  /** Those observed up to then; null for all. */
  readonly atObservedUs: InstantUs | null;
  /** Those of batches with a lower number; null for all. */
  readonly before: number | null;
}

/**
 * The table of a source as a relation: for each key the row of the batches that was observed last, at the same moment that of the later
 * batch; and the rows of `base` whose key no batch has.
 */
export function tableOfLake(
  source: Source,
  files: readonly RowFile[],
  { base, atObservedUs, before }: TableOptions,
): string {
  const columns = Object.keys(source.columns).map(identifier);
  const key = source.key.map(identifier).join(', ');
  const known = [
    ...(atObservedUs === null ? [] : [`_observed_at <= make_timestamptz(${atObservedUs})`]),
    ...(before === null ? [] : [`_number < ${before}`]),
  ];
  const where = known.length === 0 ? '' : `WHERE ${known.join(' AND ')}`;
  const newest = `SELECT ${batchColumns(source).join(', ')} FROM (${joinBatches(source, files)}) ${where}
    QUALIFY row_number() OVER (PARTITION BY ${key} ORDER BY _observed_at DESC, _number DESC) = 1`;
  const fromBatches = `SELECT ${columns.join(', ')}, _observed_at FROM newest`;
  const fromBase =
    base === null
      ? ''
      : `UNION ALL SELECT ${columns.join(', ')}, CAST(NULL AS TIMESTAMP WITH TIME ZONE) AS _observed_at
         FROM read_parquet(${quoteText(base)}, hive_partitioning = false) ANTI JOIN newest USING (${key})`;
  return `(WITH newest AS MATERIALIZED (${newest}) ${fromBatches} ${fromBase})`;
}
