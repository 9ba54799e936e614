import type { Prediction } from '@repo/contract/protocol';
import type { OnlineStore } from '@repo/features/online-store';
import type { PredictiveModel } from '../served-model.ts';
import { createPredictor, type Predictor, type PredictorObserver } from './predictor.ts';

/** An answer that a shadow version is to be compared with. */
export interface ShadowWork {
  readonly shadow: PredictiveModel;
  readonly body: unknown;
  /**
   * Called once: with what the shadow answers, with null when it was dropped unasked, or with the error that it failed with. The shadow is
   * needed no more then.
   */
  done(outcome: { readonly prediction: Prediction } | { readonly failure: unknown } | null): void;
}

/** Scores answered requests a second time, when nobody waits for anything. */
export interface Shadow {
  /** A request has come; returns what to call when it is over. While any is under way, no shadow run begins. */
  begin(): () => void;
  /** Takes work, or drops it when too much waits. Never throws. */
  offer(work: ShadowWork): void;
  /** Drops what waits; resolves when nothing is scored any more. */
  close(): Promise<void>;
}

export interface ShadowOptions {
  readonly store: OnlineStore;
  /** Most answers that wait. Default 64: under load the shadow is what is given up, and first. */
  readonly maxWaiting?: number;
  /** Longest that one waits; its features would be those of another moment. Default 2 s. */
  readonly maxWaitMs?: number;
}

const deaf: PredictorObserver = {
  decoded: () => undefined,
  outlier: () => undefined,
  guardTripped: () => undefined,
  breakerChanged: () => undefined,
  storeRead: () => undefined,
};

/** Without stand-ins: it is this version that is compared. */
function createAlone(model: PredictiveModel, store: OnlineStore): Predictor {
  const serving = { ...model.contract.serving, fallback: [] };
  const alone = { ...model, contract: { ...model.contract, serving } };
  return createPredictor({ model: alone, role: 'champion', store, observer: deaf });
}

/**
 * Makes a shadow. One run at a time, begun only at the end of a turn of the event loop in which no request is under way; so that a request waits for
 * one run at most, and only if that runs on this thread.
 */
export function createShadow({ store, maxWaiting = 64, maxWaitMs = 2000 }: ShadowOptions): Shadow {
  const predictors = new WeakMap<PredictiveModel, Predictor>();
  const waiting: { readonly work: ShadowWork; readonly sinceMs: number }[] = [];
  let underWay = 0;
  let [scheduled, closed] = [false, false];
  let running: Promise<void> | null = null;

  const predictorOf = (model: PredictiveModel): Predictor => {
    const predictor = predictors.get(model) ?? createAlone(model, store);
    predictors.set(model, predictor);
    return predictor;
  };
  const score = async ({ shadow, body, done }: ShadowWork): Promise<void> => {
    try {
      const { prediction } = await predictorOf(shadow).predict(body);
      done({ prediction });
    } catch (failure) {
      done({ failure });
    }
  };
  const runNext = (): void => {
    if (running !== null || underWay > 0) return;
    let next = waiting.shift();
    while (next !== undefined && performance.now() - next.sinceMs > maxWaitMs) {
      next.work.done(null);
      next = waiting.shift();
    }
    if (next === undefined) return;
    running = score(next.work).finally(() => {
      running = null;
      schedule();
    });
  };
  const schedule = (): void => {
    if (scheduled || waiting.length === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      runNext();
    });
  };
  return {
    begin: () => {
      underWay += 1;
      return () => {
        underWay -= 1;
        if (underWay === 0) schedule();
      };
    },
    offer: (work) => {
      if (closed || waiting.length >= maxWaiting) return work.done(null);
      waiting.push({ work, sinceMs: performance.now() });
      schedule();
    },
    close: async () => {
      closed = true;
      for (const { work } of waiting.splice(0)) work.done(null);
      await running;
    },
  };
}
