import { metrics } from '@repo/contract/metric';
import { targetLabels } from '@repo/contract/target-label';
import type { WatchedModel } from '../watched-model.ts';
import {
  type AlertCase,
  always,
  histogram,
  type InputSeries,
  onceAfterFive,
  perMinute,
  shareOf,
} from './alert-case.ts';

const bounds = metrics.prediction_score.buckets;

/** Scores of an hour beside a reference that is even over [0, 1]; `observed` scores come so often in a minute. */
function scores(name: string, observed: readonly number[], each: number): InputSeries {
  const labels = { model: name, version: '1' };
  const reference = bounds.map((le) => [
    `prediction_score_reference{model="${name}",version="1",le="${le}"}`,
    always(le),
  ]);
  const values = observed.map((value) => ({ value, perMinute: each / observed.length }));
  return { ...Object.fromEntries(reference), ...histogram('prediction_score', labels, bounds, values) };
}

function scoreCase(model: WatchedModel): AlertCase {
  const { scoreShift } = model.monitoring.objectives;
  /** Even scores, of which the lowest are drawn up by so much: that is their distance. */
  const shifted = (by: number, each = 20) =>
    scores(
      model.name,
      bounds.map((bound) => Math.max(bound, by)),
      each,
    );
  return {
    alert: 'ScoresShifted',
    afterMinutes: 90,
    fires: [shifted(Math.min(1, scoreShift + 0.11))],
    quiet: [shifted(Math.max(0, scoreShift - 0.1)), shifted(1, 1)],
  };
}

function fallbackCases({ name, monitoring }: WatchedModel): AlertCase[] {
  const { fallbackShare } = monitoring.objectives;
  const predictions = (share: number) =>
    shareOf(
      `predictions_total{model="${name}",level="prior"}`,
      `predictions_total{model="${name}",level="champion"}`,
      share,
    );
  const breaker = (open: number) => ({ [`fallback_breaker_open{model="${name}",level="champion"}`]: always(open) });
  return [
    {
      alert: 'FallbackShareHigh',
      afterMinutes: 30,
      fires: [predictions(Math.min(1, 1.5 * fallbackShare))],
      quiet: [predictions(0.5 * fallbackShare)],
    },
    { alert: 'BreakerOpen', afterMinutes: 30, fires: [breaker(1)], quiet: [breaker(0)] },
  ];
}

function dataCases({ name, monitoring }: WatchedModel): AlertCase[] {
  const { missingFeatureShare, staleFeatureShare } = monitoring.objectives;
  const pods = `${targetLabels.model}="${name}",pod="a"`;
  const status = (bad: string, share: number) =>
    shareOf(
      `feature_values_total{model="${name}",status="${bad}"}`,
      `feature_values_total{model="${name}",status="ok"}`,
      share,
    );
  const reads = (share: number) => {
    const read = (result: string) => `online_store_read_duration_seconds_count{${pods},result="${result}"}`;
    return shareOf(read('failed'), read('read'), share);
  };
  const events = (result: string) => ({ [`prediction_log_events_total{${pods},result="${result}"}`]: onceAfterFive });
  const of = (alert: string, afterMinutes: number, fires: InputSeries, quiet: InputSeries): AlertCase => ({
    ...{ alert, afterMinutes },
    ...{ fires: [fires], quiet: [quiet] },
  });
  const [missing, stale] = [Math.min(1, 1.5 * missingFeatureShare), Math.min(1, 1.5 * staleFeatureShare)];
  return [
    of('FeaturesMissing', 60, status('missing', missing), status('missing', 0.5 * missingFeatureShare)),
    of('FeaturesStale', 60, status('stale', stale), status('stale', 0.5 * staleFeatureShare)),
    of('OnlineStoreFails', 30, reads(0.2), reads(0.05)),
    of('PredictionLogLoses', 10, events('dropped_queue'), events('written')),
  ];
}

/** Cases of who answers, what is answered, and the data that it rests on. */
export function answerCases(model: WatchedModel): AlertCase[] {
  const trips = (guard: string, values: string) => ({
    [`output_guard_trips_total{model="${model.name}",level="champion",guard="${guard}"}`]: values,
  });
  return [
    ...(model.serving.fallback.length === 0 ? [] : fallbackCases(model)),
    ...(model.task === 'binary' ? [scoreCase(model)] : []),
    ...dataCases(model),
    {
      alert: 'AnswersConstant',
      afterMinutes: 10,
      fires: [trips('constant', onceAfterFive)],
      quiet: [trips('constant', always(0)), trips('not_finite', perMinute(5))],
    },
  ];
}
