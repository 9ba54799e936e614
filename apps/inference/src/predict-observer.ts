import { featureStatuses } from '@repo/contract/model-contract';
import { FallbackLevel } from '@repo/contract/serving-policy';
import { OutputGuard } from '@repo/serving/predict/output-guard';
import type { PredictorObserver } from '@repo/serving/predict/predictor';
import type { PredictiveModel } from '@repo/serving/served-model';
import type { Logger } from '@repo/telemetry/logger';
import type { ServiceMetrics } from './app-deps.ts';
import { modelMetrics } from './model-metrics.ts';

/** What has a breaker: the online store, the judge of outliers, and the levels that run a model. */
const guardedOf = ({ contract }: PredictiveModel): Set<string> => {
  const levels = [FallbackLevel.champion, ...contract.serving.fallback].filter(
    (level) => level !== FallbackLevel.prior,
  );
  return new Set([...levels, 'online_store', 'outliers']);
};

/** Makes the series of what seldom happens: one that began with the first time would show no increase at it. */
function beginAtZero(metrics: ServiceMetrics, { name, version, contract }: PredictiveModel): void {
  const labels = { model: name, version };
  const { fallback, outliers } = contract.serving;
  const levels = [FallbackLevel.champion, ...fallback];
  for (const level of levels) metrics.increment('predictions_total', { ...labels, level }, 0);
  for (const level of levels.filter((one) => one !== FallbackLevel.prior))
    for (const guard of Object.values(OutputGuard))
      metrics.increment('output_guard_trips_total', { ...labels, level, guard }, 0);
  for (const status of featureStatuses) metrics.increment('feature_values_total', { ...labels, status }, 0);
  metrics.increment('prediction_outliers_total', { ...labels, policy: outliers }, 0);
  for (const result of ['read', 'failed']) metrics.bindHistogram('online_store_read_duration_seconds', { result });
  if (contract.task !== 'binary') return;
  for (const decision of ['yes', 'no']) metrics.increment('prediction_decisions_total', { ...labels, decision }, 0);
}

/** Puts what a predictor tells into the metrics, and into the log what somebody must look at: once, not at every request. */
export function observePredictor(metrics: ServiceMetrics, logger: Logger, model: PredictiveModel): PredictorObserver {
  const labels = { model: model.name, version: model.version };
  // A breaker is new with its predictor, and one that was open when its version was swapped away tells nothing any more.
  for (const level of guardedOf(model)) metrics.set('fallback_breaker_open', { model: model.name, level }, 0);
  beginAtZero(metrics, model);
  let constantLogged = false;
  let storeAnswers = true;
  return {
    decoded: modelMetrics(metrics, model).decoded,
    outlier: (policy) => metrics.increment('prediction_outliers_total', { ...labels, policy }),
    guardTripped: (level, guard) => {
      metrics.increment('output_guard_trips_total', { ...labels, level, guard });
      if (guard !== 'constant' || constantLogged) return;
      constantLogged = true;
      logger.error({ ...labels, fallback_level: level }, 'the model gave 200 rows that differ the same answer');
    },
    breakerChanged: (level, open) => {
      metrics.set('fallback_breaker_open', { model: model.name, level }, open ? 1 : 0);
      logger.warn(
        { ...labels, fallback_level: level },
        open ? 'failed too often: not asked for 10 seconds' : 'answers again',
      );
    },
    storeRead: (seconds, failure) => {
      metrics.observe('online_store_read_duration_seconds', { result: failure === null ? 'read' : 'failed' }, seconds);
      if (storeAnswers === (failure === null)) return;
      storeAnswers = failure === null;
      if (storeAnswers) logger.info(labels, 'the online store answers again');
      else logger.warn({ ...labels, err: failure }, 'the online store does not answer; its features are missing');
    },
  };
}
