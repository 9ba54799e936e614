import type { InstantUs } from '@repo/contract/instant';
import type { Source } from '@repo/contract/source';
import { identifier, quoteName } from '../sql-text.ts';
import { checkBatch } from './check-batch.ts';
import type { LakeSession } from './lake-session.ts';
import type { ReadBatch } from './read-batch.ts';
import { typeBatch } from './type-batch.ts';

/** A batch that was typed and held to the rules of rows. */
export interface PreparedBatch {
  /** Rows that each rule keeps out, by its id. */
  readonly rules: Readonly<Record<string, number>>;
  readonly accepted: number;
  /** Rows of the quarantine file. */
  readonly quarantined: number;
  readonly isRefused: boolean;
  /** Parquet with the rows that are kept out, as text, and `rules`; null without any. */
  readonly quarantine: Buffer | null;
  /** Parquet with the accepted rows, typed, and `_observed_at`; null where the batch is refused. */
  readonly content: Buffer | null;
  readonly eventTimeUs: [number, number] | null;
  readonly observedUs: [number, number];
}

async function quarantineOf({ database, columns, parquetOf }: LakeSession, whole: boolean, hasObserved: boolean) {
  const names = [...columns.map(({ name }) => name), ...(hasObserved ? ['observed_at'] : [])];
  const texts = names.map((name, i) => `_text[${i + 1}] AS ${quoteName(name)}`);
  const broken = 'SELECT _row, list_sort(list(DISTINCT rule)) AS rules FROM batch_broken GROUP BY _row';
  const join = whole ? 'LEFT JOIN' : 'JOIN';
  const [count] = await database.rows(
    `SELECT count(*) AS n FROM ${whole ? 'batch_rows' : '(SELECT DISTINCT _row FROM batch_broken)'}`,
  );
  if (Number(count?.n) === 0) return { quarantined: 0, quarantine: null };
  const quarantine = await parquetOf(
    `SELECT ${texts.join(', ')}, coalesce(rules, []) AS rules FROM batch_rows ${join} (${broken}) USING (_row) ORDER BY _row`,
  );
  return { quarantined: Number(count?.n), quarantine };
}

async function rulesOf({ database }: LakeSession): Promise<Record<string, number>> {
  const rows = await database.rows(
    'SELECT rule, count(DISTINCT _row) AS n FROM batch_broken GROUP BY rule ORDER BY rule',
  );
  return Object.fromEntries(rows.map(({ rule, n }) => [String(rule), Number(n)]));
}

async function contentOf({ database, parquetOf }: LakeSession, source: Source, nowUs: InstantUs) {
  const columns = Object.keys(source.columns).map(identifier);
  const first = [...(source.eventTime === null ? [] : [source.eventTime]), ...source.key].map(identifier);
  const good = 'FROM batch_typed WHERE _row NOT IN (SELECT _row FROM batch_broken)';
  const content = await parquetOf(
    `SELECT ${columns.join(', ')}, _observed_at ${good} ORDER BY ${[...first, '_observed_at', '_row'].join(', ')}`,
  );
  const time = source.eventTime === null ? 'NULL' : `epoch_us(${identifier(source.eventTime)})`;
  const [range] = await database.rows(
    `SELECT count(*) AS n, min(${time}) AS low, max(${time}) AS high,
       min(epoch_us(_observed_at)) AS first, max(epoch_us(_observed_at)) AS last ${good}`,
  );
  const { n, low, high, first: earliest, last } = range ?? {};
  const eventTimeUs: [number, number] | null =
    typeof low === 'bigint' && typeof high === 'bigint' ? [Number(low), Number(high)] : null;
  const observedUs: [number, number] = [Number(earliest ?? nowUs), Number(last ?? nowUs)];
  return { content, accepted: Number(n), eventTimeUs, observedUs };
}

/**
 * Types the batch in `batch_rows` and sorts its rows into accepted and quarantined. More broken rows than `tolerance` allows, or nothing
 * but broken rows, refuse the batch as a whole; one broken row alone does not, however small the batch.
 */
export async function prepareBatch(
  session: LakeSession,
  source: Source,
  { rows, repeated, hasObserved }: ReadBatch,
  { nowUs, tolerance }: { readonly nowUs: InstantUs; readonly tolerance: number },
): Promise<PreparedBatch> {
  const { database, columns, sql } = session;
  const kept = rows - repeated;
  const most = Math.max(1, tolerance * kept);
  await typeBatch(database, source, { columns, hasObserved, nowUs, sql, mostBroken: most });
  await checkBatch(database, source, nowUs);
  const rules = await rulesOf(session);
  const [broken] = await database.rows('SELECT count(DISTINCT _row) AS n FROM batch_broken');
  const isRefused = Number(broken?.n) > most || Number(broken?.n) === kept;
  const keptOut = await quarantineOf(session, isRefused, hasObserved);
  if (isRefused)
    return { rules, ...keptOut, isRefused, accepted: 0, content: null, eventTimeUs: null, observedUs: [nowUs, nowUs] };
  return { rules, ...keptOut, isRefused, ...(await contentOf(session, source, nowUs)) };
}
