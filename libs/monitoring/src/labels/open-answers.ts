import { microseconds } from '@repo/contract/duration';
import type { Model } from '@repo/contract/model';
import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { columnsOf } from './columns-of.ts';
import { fieldText, keyOf, rawField } from './request-key.ts';
import { sliceColumns } from './slice-columns.ts';

export interface AnswersOptions {
  readonly model: Model;
  /** SQL of the log's rows with the columns of its Parquet files, `filename` and `file_row_number`; null: the log holds none. */
  readonly relation: string | null;
  /** Column of the request that names the unit of an experiment. Default: none. */
  readonly unit?: string;
  /** What `at_us` is: when the log says that it was answered (default), or its cut-off, for a past that is replayed. */
  readonly clock?: AnswerClock;
  /** Answers outside of [from, to) by that clock are left out. Default: none is. */
  readonly fromUs?: number;
  readonly toUs?: number;
}

export const AnswerClock = { log: 'log', cutoff: 'cutoff' } as const;
export type AnswerClock = (typeof AnswerClock)[keyof typeof AnswerClock];

/** Columns that older logs lack. */
const youngColumns = ['experiment'] as const;

function columnsSql({ model, unit }: AnswersOptions, has: ReadonlySet<string>): string {
  const young = youngColumns.map((name) => (has.has(name) ? name : `CAST(NULL AS VARCHAR) AS ${name}`));
  const text = fieldText(model);
  const leadUs = microseconds(model.cutoff.lead);
  const typeOf = (name: string) => model.events.columns[name]?.type ?? 'text';
  const unitText = unit === undefined ? 'CAST(NULL AS VARCHAR)' : `nullif(${text(unit, typeOf(unit))}, '')`;
  const data = "json_extract_string(data, ['$.outlier.p', '$.degraded_reasons[0]'])";
  return [
    'id, time, version, level, variant, propensity',
    ...young,
    'probability, prediction, decision',
    `${unitText} AS unit`,
    `CASE WHEN request IS NOT NULL THEN ${keyOf(model, text)} END AS key`,
    // Of a request that is not on record, for its size, it is when the model is to be asked.
    `coalesce(epoch_us(TRY_CAST(${rawField(model, model.cutoff.column)} AS TIMESTAMPTZ)), epoch_us(time) + ${leadUs}) AS event_us`,
    `TRY_CAST(${data}[1] AS DOUBLE) AS outlier_p`,
    `coalesce(${data}[2] IS NOT NULL, false) AS degraded`,
    'hash(filename, file_row_number) AS place',
    ...sliceColumns(model).map(({ column, sql }) => `${sql} AS ${column}`),
  ].join(', ');
}

/**
 * Makes the table `answers`: each prediction of the model that the log holds, once, with the key that tells its event (`key`), when that is
 * (`event_us`), when it counts as answered (`at_us`), and the slices of the gates (`slice_0` and on). The features stay in the log: they are
 * most of it. A request id is the caller's to choose, and some send the same one for ever: answers are told apart by id, time, version, and what
 * was asked, so that nothing hides and an event that lies in two files counts once.
 */
export async function openAnswers(database: Database, options: AnswersOptions): Promise<void> {
  const { model, relation, clock = AnswerClock.log, fromUs, toUs } = options;
  const slices = sliceColumns(model).map(({ column }) => `, ${column} VARCHAR`);
  if (relation === null) {
    await database.run(`CREATE TABLE answers (id VARCHAR, time TIMESTAMPTZ, version VARCHAR, level VARCHAR, variant VARCHAR,
      propensity DOUBLE, experiment VARCHAR, probability DOUBLE, prediction DOUBLE, decision BOOLEAN, unit VARCHAR, key UHUGEINT,
      event_us BIGINT, outlier_p DOUBLE, degraded BOOLEAN, place UBIGINT${slices.join('')}, at_us BIGINT)`);
    return;
  }
  const has = new Set((await columnsOf(database, relation)).keys());
  const atSql = clock === AnswerClock.log ? 'epoch_us(time)' : `event_us - ${microseconds(model.cutoff.lead)}`;
  const within = [
    ...(fromUs === undefined ? [] : [`at_us >= ${fromUs}`]),
    ...(toUs === undefined ? [] : [`at_us < ${toUs}`]),
  ];
  await database.run(`CREATE TABLE answers AS
    SELECT DISTINCT ON (id, time, version, key) * FROM (
      SELECT *, ${atSql} AS at_us FROM (
        SELECT ${columnsSql(options, has)} FROM ${relation} WHERE kind = 'predict' AND model = ${quoteText(model.name)}
      )
    ) ${within.length === 0 ? '' : `WHERE ${within.join(' AND ')}`} ORDER BY id, time, place`);
}
