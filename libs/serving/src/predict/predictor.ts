import type { Prediction } from '@repo/contract/protocol';
import type { FallbackLevel, OutlierPolicy } from '@repo/contract/serving-policy';
import type { OnlineStore } from '@repo/features/online-store';
import type { Job } from '../job.ts';
import type { PredictiveModel } from '../served-model.ts';
import { askInTurn } from './ask-in-turn.ts';
import { createBlame } from './blame.ts';
import { createBudget } from './budget.ts';
import { clampRow } from './clamp-row.ts';
import { guardLevel, type LevelObserver } from './guard-level.ts';
import { createGuardedStore } from './guarded-store.ts';
import { type LevelFailure, LevelUnfit, levelFailure } from './level-failure.ts';
import { compactModel, type Level, previousModel, prior, runsModel, wholeModel } from './levels.ts';
import { isOutlier, outlierRejected } from './outlier.ts';
import { createOutlierJudge } from './outlier-judge.ts';
import { planLevels } from './plan-levels.ts';
import { rejectUnknown } from './reject-unknown.ts';
import { parseRequest, readRow, unknownCategories } from './row.ts';
import { writePrediction } from './write-prediction.ts';

/** Hears what goes wrong and what is out of the ordinary; what it does with that is not the domain's business. */
export interface PredictorObserver extends Omit<LevelObserver, 'breakerChanged'> {
  /** A breaker opened or closed: that of a level, of the online store or of the judge of outliers. */
  breakerChanged(what: FallbackLevel | 'online_store' | 'outliers', open: boolean): void;
  /** From the body to the row of the model. */
  decoded(seconds: number): void;
  outlier(policy: OutlierPolicy): void;
  /** A read of the online store ended; `failure` says why it gave no answer, null when it did. */
  storeRead(seconds: number, failure: unknown): void;
}

export interface PredictorOptions {
  readonly model: PredictiveModel;
  /** As what the model answers: as previous when the champion after it could not be loaded. */
  readonly role: 'champion' | 'previous';
  readonly store: OnlineStore;
  readonly observer: PredictorObserver;
}

/** An answer and how it came about. */
export interface Answered {
  readonly prediction: Prediction;
  /** Levels that were asked before the one that answered. */
  readonly failures: readonly LevelFailure[];
  readonly tookMs: number;
}

/** What a prediction may need besides its body. */
export interface PredictOptions {
  /** The warm champion before the model, when there is one. */
  readonly previous?: PredictiveModel | null | undefined;
  readonly signal?: Job['signal'];
}

/** Answers the prediction requests of one model version. */
export interface Predictor {
  /**
   * Checks a body against the contract, looks its features up, judges the row, and asks the levels of the fallback chain until one
   * answers, all within the model's `timeoutMs`. What the store does not know is missing, never an error, and the answer says so.
   * Throws ServiceError invalid_request, cutoff_before_data, rejected_input, no_answer or, without a chain, the error of the model; CallerLeft.
   */
  predict(body: unknown, options?: PredictOptions): Promise<Answered>;
}

/** The levels of a model's chain, each guarded. */
function createLevels(
  options: PredictorOptions,
  guarded: ReturnType<typeof createGuardedStore>,
): Map<FallbackLevel, Level> {
  const { model, role, store, observer } = options;
  const levels: Record<FallbackLevel, Level> = {
    champion: wholeModel(model),
    previous: role === 'previous' ? wholeModel(model) : previousModel(store, guarded),
    compact: compactModel(model, model.bundle.companions.compact),
    prior: prior(model),
  };
  const chain = [...new Set<FallbackLevel>([role, ...model.contract.serving.fallback])];
  const blame = createBlame(model.bundle.profile);
  const guard = (name: FallbackLevel): Level =>
    runsModel(name) ? guardLevel(name, levels[name], chain.length === 1, blame, observer) : levels[name];
  return new Map(chain.map((name) => [name, guard(name)]));
}

/** Makes the predictor of a model version. It holds the breakers: make it once. */
export function createPredictor(options: PredictorOptions): Predictor {
  const { model, role, store, observer } = options;
  const { unknowns, outliers, timeoutMs } = model.contract.serving;
  const guarded = createGuardedStore(store, {
    breakerChanged: (open) => observer.breakerChanged('online_store', open),
    read: observer.storeRead,
  });
  const judge = createOutlierJudge(model, (open) => observer.breakerChanged('outliers', open));
  const levels = createLevels(options, guarded);
  const before = role === 'previous' ? [levelFailure('champion', new LevelUnfit('not_loaded'))] : [];
  const { profile } = model.bundle;
  return {
    predict: async (body, { previous = null, signal } = {}) => {
      const budget = createBudget(timeoutMs);
      const request = parseRequest(model, body);
      const read = await readRow(model, request, store, guarded, budget.featuresMs());
      observer.decoded(budget.tookMs() / 1000);
      if (unknowns === 'reject') rejectUnknown(model.contract, read);
      const outlier = await judge(read, budget.outlierMs(), signal);
      const strange = isOutlier(outlier);
      if (strange) observer.outlier(outliers);
      if (strange && outliers === 'reject') throw outlierRejected(outlier);
      const clamp = strange && outliers === 'clamp';
      const row = clamp && profile !== null ? clampRow(read, profile) : read;
      const avoidUnknown = unknowns === 'fallback' && unknownCategories(read).length > 0;
      const avoidOutlier = strange && outliers === 'fallback';
      const plan = planLevels([...levels.keys()], { storeAnswered: read.storeAnswered, avoidUnknown, avoidOutlier });
      const chain = plan.map((name) => [name, levels.get(name) as Level] as const);
      const answer = await askInTurn(model, chain, { body, row, previous, clamp, avoidUnknown, signal }, budget);
      const passedOver =
        avoidUnknown && answer.level !== role ? [levelFailure(role, new LevelUnfit('unknown_category'))] : [];
      const failures = [...before, ...passedOver, ...answer.failures];
      return { prediction: writePrediction({ ...answer, failures }, outlier), failures, tookMs: budget.tookMs() };
    },
  };
}
