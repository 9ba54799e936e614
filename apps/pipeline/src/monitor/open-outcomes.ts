import { microseconds } from '@repo/contract/duration';
import type { Model } from '@repo/contract/model';
import type { Database } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { joinLabels, type Maturity } from '@repo/monitoring/join-labels';
import { AnswerClock, openAnswers } from '@repo/monitoring/open-answers';
import { openLabels } from '@repo/monitoring/open-labels';
import type { Context } from '../context.ts';
import { labelRelation } from '../label-relation.ts';

export interface OutcomesOptions {
  readonly model: Model;
  /** SQL of the log, see `logRelation`. */
  readonly relation: string | null;
  /** File or folder of labels; null: the model's events. */
  readonly labels: string | null;
  readonly clock: AnswerClock;
  readonly atUs: number;
}

/** When the first answer of the log was given before `atUs`, by the clock; null for none. */
export async function firstAnswer(database: Database, options: OutcomesOptions): Promise<number | null> {
  const { model, relation, clock, atUs } = options;
  if (relation === null) return null;
  const cutoff = `TRY_CAST(json_extract_string(request, ${quoteText(`$.${model.cutoff.column}`)}) AS TIMESTAMPTZ)`;
  const at =
    clock === AnswerClock.log
      ? 'epoch_us(time)'
      : `coalesce(epoch_us(${cutoff}) - ${microseconds(model.cutoff.lead)}, epoch_us(time))`;
  const [row] = await database.rows(
    `SELECT min(at_us) AS first_us FROM (SELECT ${at} AS at_us FROM ${relation} WHERE kind = 'predict') WHERE at_us < ${atUs}`,
  );
  return row?.first_us === null || row === undefined ? null : Number(row.first_us);
}

/**
 * Opens the view `outcomes` of all that was answered from `fromUs` up to `atUs`, with the labels known then. Throws InputError for labels that do
 * not fit.
 */
export async function openOutcomes(
  context: Context,
  database: Database,
  options: OutcomesOptions,
  fromUs: number | null,
): Promise<Maturity> {
  const { model, relation, labels, clock, atUs } = options;
  const from = fromUs === null ? {} : { fromUs };
  await openAnswers(database, { model, relation, clock, toUs: atUs, ...from });
  const found = await labelRelation(context, database, { model, path: labels, atUs });
  const by = await openLabels(database, { model, columns: [], atUs, ...found });
  return joinLabels(database, { model, by, atUs });
}
