import { metric } from '@repo/contract/metric-name';
import { targetLabels } from '@repo/contract/target-label';
import { share, sumIncrease, sumRate } from '../promql.ts';
import { recordedShift } from '../score-shift.ts';
import type { WatchedModel } from '../watched-model.ts';
import { type Dashboard, dashboard, type Panel, Unit } from './dashboard.ts';

/** Index of a feature that is another population; the monitor's own floor for a page. */
const driftFloor = 0.25;

function featurePanels({ name, monitoring }: WatchedModel): Panel[] {
  const { missingFeatureShare, staleFeatureShare } = monitoring.objectives;
  const all = sumRate(metric('feature_values_total', { model: name }), '5m');
  const of = (status: 'missing' | 'stale', about: string, value: number): Panel => ({
    title: `Features that are ${status}`,
    about: `${about} The line is the objective.`,
    unit: Unit.share,
    lines: [
      { query: share(sumRate(metric('feature_values_total', { model: name, status }), '5m'), all), legend: status },
    ],
    limit: { value, bad: 'above' },
  });
  return [
    of(
      'missing',
      'Share of the feature values that were nowhere found, or were of a category unknown to training.',
      missingFeatureShare,
    ),
    of('stale', 'Share of the feature values that are older than the TTL of their view.', staleFeatureShare),
  ];
}

function storePanels({ name }: WatchedModel): Panel[] {
  const pods = { [targetLabels.model]: name } as const;
  const reads = metric('online_store_read_duration_seconds_count', pods);
  const buckets = metric('online_store_read_duration_seconds_bucket', pods);
  const outliers = metric('prediction_outliers_total', { model: name });
  const predictions = metric('predictions_total', { model: name });
  return [
    {
      title: 'Reads of the online store',
      about: 'By result. What fails leaves its features missing.',
      unit: Unit.perSecond,
      lines: [{ query: sumRate(reads, '5m', ['result']), legend: '{{result}}' }],
    },
    {
      title: 'Time of a read',
      about: 'Median and 99th percentile. A read has 30 % of the time of a prediction.',
      unit: Unit.seconds,
      lines: [0.5, 0.99].map((q) => ({
        query: `histogram_quantile(${q}, ${sumRate(buckets, '5m', ['le'])})`,
        legend: `p${q * 100}`,
      })),
    },
    {
      title: 'Rows unlike those of training',
      about: 'Share of the predictions whose row is an outlier. Rows like those of training are one in 200.',
      unit: Unit.share,
      lines: [{ query: share(sumRate(outliers, '5m'), sumRate(predictions, '5m')), legend: 'outliers' }],
    },
  ];
}

function scorePanels({ name, monitoring }: WatchedModel): Panel[] {
  const bounded = metric('prediction_score_bucket', { model: name, le: { not: '+Inf' } });
  const served = sumIncrease(bounded, '1h', ['le']);
  const all = sumIncrease(metric('prediction_score_count', { model: name }), '1h');
  return [
    {
      title: 'Shift of the answers',
      about:
        'Distance of the answers of an hour from those to the training rows (Kolmogorov and Smirnov). The line is the objective.',
      unit: Unit.share,
      lines: [{ query: recordedShift(name), legend: 'version {{version}}' }],
      limit: { value: monitoring.objectives.scoreShift, bad: 'above' },
    },
    {
      title: 'Answers at or below a score, now',
      about: 'Share of the answers of an hour at or below each score.',
      unit: Unit.share,
      lines: [{ query: share(served, `on () group_left () ${all}`), legend: '{{le}}' }],
    },
    {
      title: 'Answers at or below a score, in training',
      about: 'The same of the training rows, from the profile of the bundle that serves.',
      unit: Unit.share,
      lines: [{ query: `max by (le) (${metric('prediction_score_reference', { model: name })})`, legend: '{{le}}' }],
    },
  ];
}

/** What the monitor measured of the rows that were asked about, once a day at most. */
function driftPanels({ name }: WatchedModel): Panel[] {
  const of = (measure: string) => metric('monitor_value', { model: name, kind: 'data', name: measure });
  return [
    {
      title: 'Drift of features',
      about:
        'Population stability index of each feature against training, of the newest window: 0.1 can be seen, 0.25 is another population. Days of weather are far apart and no drift: the alert knows how far days of training are.',
      unit: Unit.count,
      lines: [{ query: `topk(10, max by (subject) (${of('psi')}))`, legend: '{{subject}}' }],
      limit: { value: driftFloor, bad: 'above' },
    },
    {
      title: 'Age of the newest findings',
      about: 'Since when the monitor has told nothing new; two days are an alert.',
      unit: Unit.seconds,
      lines: [{ query: `time() - max (${metric('monitor_run_timestamp_seconds', { model: name })})`, legend: 'age' }],
    },
    {
      title: 'Findings of the monitor',
      about: 'How many findings are to be looked at, by kind: in the weekly report or now.',
      unit: Unit.count,
      lines: [
        {
          query: `sum by (kind) (max by (kind, name, subject) (${metric('monitor_finding', { model: name })}) > bool 0)`,
          legend: '{{kind}}',
        },
      ],
    },
  ];
}

/** Whether the data that a model sees, and its answers, look like those of its training. */
export function dataQualityDashboard(model: WatchedModel): Dashboard {
  const scores = model.task === 'binary' ? scorePanels(model) : [];
  const panels = [...featurePanels(model), ...storePanels(model), ...driftPanels(model), ...scores];
  return dashboard(`quality-${model.name}`, `Data quality of ${model.name}`, panels);
}
