import type { FeatureStatus } from '@repo/contract/model-contract';
import type { Prediction } from '@repo/contract/protocol';
import type { ServiceMetrics } from './app-deps.ts';

/** Counts an answer by who gave it, its probability, and the features that it rests on by status. */
export function countPrediction(metrics: ServiceMetrics, prediction: Prediction): void {
  const labels = { model: prediction.model_name, version: prediction.model_version };
  metrics.increment('predictions_total', { ...labels, level: prediction.fallback_level });
  if ('probability' in prediction) {
    metrics.observe('prediction_score', labels, prediction.probability);
    metrics.increment('prediction_decisions_total', { ...labels, decision: prediction.decision ? 'yes' : 'no' });
  }
  const byStatus = new Map<FeatureStatus, number>();
  for (const { status } of prediction.features) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  for (const [status, values] of byStatus) metrics.increment('feature_values_total', { ...labels, status }, values);
}
