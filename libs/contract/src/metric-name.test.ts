import { expect, test } from 'vitest';
import { metrics } from './metric.ts';
import { metric, seriesOf } from './metric-name.ts';
import { podLabels, targetLabels } from './target-label.ts';

test('a series is chosen by its name and by labels that are equal, match, or do not', () => {
  expect(metric('model_ready')).toBe('model_ready');
  expect(metric('inference_requests_total', { model: 'flight-delay', code: /5../ })).toBe(
    'inference_requests_total{model="flight-delay",code=~"5.."}',
  );
  expect(metric('prediction_score_bucket', { le: { not: '+Inf' }, variant: { not: /canary|/ } })).toBe(
    'prediction_score_bucket{le!="+Inf",variant!~"canary|"}',
  );
  expect(metric('predictions_total', { rollouts_pod_template_hash: '{{args.stable-hash}}' })).toBe(
    'predictions_total{rollouts_pod_template_hash="{{args.stable-hash}}"}',
  );
});

test('what no row declares does not compile', () => {
  // @ts-expect-error: no such metric
  metric('inference_request_total');
  // @ts-expect-error: a histogram has no series of its bare name
  metric('prediction_score');
  // @ts-expect-error: a counter has no buckets
  metric('predictions_total_bucket');
  // @ts-expect-error: requests carry a code, predictions do not
  metric('predictions_total', { code: '200' });
  // @ts-expect-error: only buckets have a bound
  metric('prediction_score_count', { le: '1' });
});

test('a histogram has three series, any other metric one', () => {
  expect(seriesOf('prediction_score')).toEqual([
    'prediction_score_bucket',
    'prediction_score_count',
    'prediction_score_sum',
  ]);
  expect(Object.keys(metrics).flatMap((name) => seriesOf(name as keyof typeof metrics)).length).toBeGreaterThan(40);
});

test('the labels of a pod are called in series what Prometheus makes of them', () => {
  for (const key of Object.keys(podLabels) as (keyof typeof podLabels)[]) {
    expect(targetLabels[key]).toBe(podLabels[key].replace(/[^a-zA-Z0-9_]/g, '_'));
  }
});
