import { metric } from '@repo/contract/metric-name';
import { targetLabels } from '@repo/contract/target-label';
import { quantile, share, sumIncrease, sumRate } from '../promql.ts';
import { rolloutMetric } from '../rollout-metric.ts';
import { type Dashboard, dashboard, type Panel, Unit } from './dashboard.ts';

/** What the controller of Argo Rollouts tells about the releases of all models. */
const controllerPanels: readonly Panel[] = [
  {
    title: 'Releases',
    about: 'Phase of each release: Completed is at rest, Abort was rolled back, Paused waits.',
    unit: Unit.count,
    lines: [{ query: `max by (name, phase) (${rolloutMetric('rollout_info')})`, legend: '{{name}} {{phase}}' }],
  },
  {
    title: 'Replicas',
    about: 'Updated ones are of the new version; while they are fewer than desired, a release goes on.',
    unit: Unit.count,
    lines: (['desired', 'updated', 'available'] as const).map((kind) => ({
      query: `max by (name) (${rolloutMetric(`rollout_info_replicas_${kind}`)})`,
      legend: `{{name}} ${kind}`,
    })),
  },
  {
    title: 'Judgements',
    about: 'Runs of the judge by what they came to. Inconclusive pauses a release, Failed rolls it back.',
    unit: Unit.count,
    lines: [{ query: `count by (phase) (${rolloutMetric('analysis_run_info')})`, legend: '{{phase}}' }],
  },
  {
    title: 'What happened',
    about: 'Events of the last hour, by reason.',
    unit: Unit.count,
    lines: [
      {
        query: sumIncrease(rolloutMetric('rollout_events_total', { reason: /Rollout.*|AnalysisRun.*/ }), '1h', [
          'name',
          'reason',
        ]),
        legend: '{{name}} {{reason}}',
      },
    ],
  },
];

// By the pod: what is refused before it is read names no model.
const by = [targetLabels.model, targetLabels.variant] as const;
const legend = `{{${targetLabels.model}}} {{${targetLabels.variant}}}`;

/** Stable beside canary, as callers meet them. The judge compares by pod; this is for people. */
const variantPanels: readonly Panel[] = [
  {
    title: 'Requests, stable and canary',
    about: 'Requests in a second. Without a traffic router the share of pods is the share of requests.',
    unit: Unit.perSecond,
    lines: [{ query: sumRate(metric('inference_requests_total'), '5m', by), legend }],
  },
  {
    title: 'Failed requests, stable and canary',
    about: 'Share of requests answered with 5xx.',
    unit: Unit.share,
    lines: [
      {
        query: share(
          sumRate(metric('inference_requests_total', { code: /5../ }), '5m', by),
          sumRate(metric('inference_requests_total'), '5m', by),
        ),
        legend,
      },
    ],
  },
  {
    title: 'Duration, stable and canary',
    about: '99th percentile from the request line to the last byte of the answer.',
    unit: Unit.seconds,
    lines: [{ query: quantile(0.99, metric('inference_request_duration_seconds_bucket'), '5m', by), legend }],
  },
  {
    title: 'Mean score, stable and canary',
    about: 'Mean of the probabilities answered. Over the same callers, two good versions lie close together.',
    unit: Unit.share,
    lines: [
      {
        query: share(
          sumRate(metric('prediction_score_sum'), '5m', by),
          sumRate(metric('prediction_score_count'), '5m', by),
        ),
        legend,
      },
    ],
  },
  {
    title: 'Stand-ins, stable and canary',
    about: 'Share of the predictions that the champion did not answer.',
    unit: Unit.share,
    lines: [
      {
        query: share(
          sumRate(metric('predictions_total', { level: { not: 'champion' } }), '5m', by),
          sumRate(metric('predictions_total'), '5m', by),
        ),
        legend,
      },
    ],
  },
];

/** How releases go: what the controller says, and how stable and canary pods compare. */
export const releaseDashboard = (): Dashboard =>
  dashboard('release', 'Releases', [...controllerPanels, ...variantPanels]);
