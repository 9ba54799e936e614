import { createPredictor, type Predictor } from '@repo/serving/predict/predictor';
import type { PredictiveModel } from '@repo/serving/served-model';
import type { AppDeps } from './app-deps.ts';
import { observePredictor } from './predict-observer.ts';

/** The predictor of a model in a role; made when it is first asked for and kept as long as the model. */
export type Predictors = (model: PredictiveModel, role: 'champion' | 'previous') => Predictor;

export function createPredictors({
  store,
  metrics,
  logger,
}: Pick<AppDeps, 'store' | 'metrics' | 'logger'>): Predictors {
  const made = {
    champion: new WeakMap<PredictiveModel, Predictor>(),
    previous: new WeakMap<PredictiveModel, Predictor>(),
  };
  return (model, role) => {
    const known = made[role].get(model);
    if (known !== undefined) return known;
    const observer = observePredictor(metrics, logger, model);
    const predictor = createPredictor({ model, role, store, observer });
    made[role].set(model, predictor);
    return predictor;
  };
}
