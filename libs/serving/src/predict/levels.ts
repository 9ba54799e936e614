import { FallbackLevel } from '@repo/contract/serving-policy';
import type { OnlineStore } from '@repo/features/online-store';
import type { Job } from '../job.ts';
import type { PredictiveModel, ServedModel } from '../served-model.ts';
import { createBudget } from './budget.ts';
import { clampRow } from './clamp-row.ts';
import { compactColumns, companionInput } from './companions.ts';
import type { GuardedStore } from './guarded-store.ts';
import { LevelUnfit } from './level-failure.ts';
import { parseRequest, type Row, readRow, unknownCategories } from './row.ts';
import { runRow } from './run-row.ts';

/** What a level is asked. */
export interface Question {
  readonly body: unknown;
  /** The row of the model that the chain belongs to, clamped when the policy says so. */
  readonly row: Row;
  /** The champion before, when it is there. */
  readonly previous: PredictiveModel | null;
  /** Whether the row is an outlier that is to be clamped. */
  readonly clamp: boolean;
  /** Whether a category that a model does not know keeps it from answering. */
  readonly avoidUnknown: boolean;
  readonly signal: Job['signal'];
}

/** What a level answers: a value, not yet checked, the model whose version and threshold go with it, and the row that it rests on. */
export interface LevelAnswer {
  readonly value: number;
  readonly model: PredictiveModel;
  readonly row: Row;
  /** What the model was run on, NaN for missing. */
  readonly codes: readonly number[];
}

/** Answers a question within a budget in milliseconds. Throws ServiceError, LevelUnfit or CallerLeft. */
export type Level = (question: Question, budgetMs: number) => Promise<LevelAnswer>;

const codesOf = ({ features }: Row): number[] => features.map(({ code }) => code);

/** The model itself, on all its features. */
export function wholeModel(model: PredictiveModel): Level {
  const tensors = { input: model.contract.input.name, output: model.contract.output.name };
  return async ({ row, signal }, budgetMs) => {
    const codes = codesOf(row);
    return { value: await runRow(model, tensors, codes, budgetMs, signal), model, row, codes };
  };
}

/** The champion before this one: another contract, hence the request checked and its features looked up again. */
export function previousModel(store: OnlineStore, guarded: GuardedStore): Level {
  return async (question, budgetMs) => {
    const model = question.previous;
    if (model === null) throw new LevelUnfit('not_loaded');
    const budget = createBudget(budgetMs);
    const read = await readRow(model, parseRequest(model, question.body), store, guarded, budget.featuresMs());
    if (question.avoidUnknown && unknownCategories(read).length > 0) throw new LevelUnfit('unknown_category');
    const { profile } = model.bundle;
    const row = question.clamp && profile !== null ? clampRow(read, profile) : read;
    return wholeModel(model)({ ...question, row }, budget.levelMs(0));
  };
}

/** The small model of the same bundle, on what the request carries itself. */
export function compactModel(model: PredictiveModel, compact: Pick<ServedModel, 'run'> | null): Level {
  const columns = compactColumns(model.contract);
  const tensors = { input: companionInput, output: model.contract.output.name };
  return async ({ row, signal }, budgetMs) => {
    if (compact === null) throw new LevelUnfit('not_loaded');
    const all = codesOf(row);
    const codes = columns.map((column) => all[column] as number);
    return { value: await runRow(compact, tensors, codes, budgetMs, signal), model, row, codes };
  };
}

/** The mean of the label in training, whatever is asked. */
export function prior(model: PredictiveModel): Level {
  const { profile } = model.bundle;
  return async ({ row }) => {
    if (profile === null) throw new LevelUnfit('not_loaded');
    return { value: profile.labelMean, model, row, codes: [] };
  };
}

/** Whether a level runs a model, and hence takes time and can fail again and again. */
export const runsModel = (level: FallbackLevel): boolean => level !== FallbackLevel.prior;
