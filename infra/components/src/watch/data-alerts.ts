import { metric } from '@repo/contract/metric-name';
import { targetLabels } from '@repo/contract/target-label';
import { number, share, sumIncrease, sumRate } from './promql.ts';
import { type Alert, Severity } from './rule.ts';
import type { WatchedModel } from './watched-model.ts';

function featureAlert({ name }: WatchedModel, status: 'missing' | 'stale', limit: number): Alert {
  const values = metric('feature_values_total', { model: name, status });
  const all = metric('feature_values_total', { model: name });
  const title = { missing: 'FeaturesMissing', stale: 'FeaturesStale' }[status];
  return {
    name: title,
    expr: `${share(sumRate(values, '30m'), sumRate(all, '30m'))} > ${number(limit)}`,
    holds: '15m',
    severity: Severity.ticket,
    summary: `{{ $value | humanizePercentage }} of the feature values of ${name} are ${status}.`,
    runbook: 'features-missing-or-stale',
  };
}

/** Whether the model gets the data that it was trained on, and whether what it answers is remembered. */
export function dataAlerts(model: WatchedModel): Alert[] {
  const { missingFeatureShare, staleFeatureShare } = model.monitoring.objectives;
  const pods = { [targetLabels.model]: model.name } as const;
  const reads = metric('online_store_read_duration_seconds_count', pods);
  const failed = metric('online_store_read_duration_seconds_count', { ...pods, result: 'failed' });
  const lost = metric('prediction_log_events_total', { ...pods, result: { not: 'written' } });
  return [
    featureAlert(model, 'missing', missingFeatureShare),
    featureAlert(model, 'stale', staleFeatureShare),
    {
      name: 'OnlineStoreFails',
      expr: `${share(sumRate(failed, '5m'), sumRate(reads, '5m'))} > 0.1`,
      holds: '5m',
      severity: Severity.ticket,
      summary: `{{ $value | humanizePercentage }} of the reads of the online store for ${model.name} fail; its features are missing.`,
      runbook: 'online-store-fails',
    },
    {
      name: 'PredictionLogLoses',
      expr: `${sumIncrease(lost, '15m', ['pod', 'result'])} > 0`,
      holds: '0m',
      severity: Severity.ticket,
      summary: `{{ $labels.pod }} loses events of the prediction log ({{ $labels.result }}).`,
      runbook: 'prediction-log-loses',
    },
  ];
}
