import type { Model } from '@repo/contract/model';
import type { Database } from '@repo/datasets/database';
import { joinLabels, type Maturity } from '@repo/monitoring/join-labels';
import { type AnswerClock, openAnswers } from '@repo/monitoring/open-answers';
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

/**
 * Opens the view `outcomes` of all that was answered from `fromUs` up to `atUs`, with the labels known then. Throws InputError for labels that do
 * not fit.
 */
export async function openOutcomes(
  context: Context,
  database: Database,
  options: OutcomesOptions,
  fromUs: number,
): Promise<Maturity> {
  const { model, relation, labels, clock, atUs } = options;
  await openAnswers(database, { model, relation, clock, fromUs, toUs: atUs });
  const found = await labelRelation(context, database, { model, path: labels, atUs });
  const by = await openLabels(database, { model, columns: [], atUs, ...found });
  return joinLabels(database, { model, by, atUs });
}
