import { metrics } from '@repo/contract/metric';
import { latencyObjectiveSeconds } from '@repo/contract/monitoring-policy';
import { targetLabels } from '@repo/contract/target-label';
import { burnRates } from '../burn-rates.ts';
import { requestObjectives } from '../request-objective.ts';
import { partOfTimeout } from '../saturation-alerts.ts';
import type { WatchedModel } from '../watched-model.ts';
import { type AlertCase, always, histogram, type InputSeries, perMinute, shareOf } from './alert-case.ts';

const { buckets } = metrics.inference_request_duration_seconds;

/** Requests of a model of which a share is bad, by objective. */
function badRequests(model: WatchedModel, slo: 'availability' | 'latency', share: number, each = 1000): InputSeries {
  const { name } = model;
  if (slo === 'availability') {
    const counted = (code: number) =>
      `inference_requests_total{${targetLabels.model}="${name}",model="${name}",code="${code}"}`;
    return { [counted(500)]: perMinute(each * share), [counted(200)]: perMinute(each * (1 - share)) };
  }
  const objective = latencyObjectiveSeconds(model);
  return histogram('inference_request_duration_seconds', { model: name }, buckets, [
    { value: objective, perMinute: each * (1 - share) },
    { value: objective * 1.01, perMinute: each * share },
  ]);
}

/** Fires half above the slowest rate of its severity; is quiet half below it, and when hardly anybody asks. */
function burnCases(model: WatchedModel): AlertCase[] {
  return requestObjectives(model).flatMap(({ slo, budget }) => {
    const title = { availability: 'AvailabilityBudget', latency: 'LatencyBudget' }[slo];
    return (['page', 'ticket'] as const).map((severity) => {
      const slowest = Math.min(...burnRates[severity].map(({ factor }) => factor));
      const share = slowest * budget;
      return {
        alert: `${title}Burns${severity === 'page' ? 'Fast' : 'Slowly'}`,
        afterMinutes: 60,
        fires: [badRequests(model, slo, 1.5 * share)],
        quiet: [badRequests(model, slo, 0.5 * share), badRequests(model, slo, 0.5, 0.2)],
      };
    });
  });
}

/** Cases of what requests are refused for, or wait for. */
export function requestCases(model: WatchedModel): AlertCase[] {
  const { name } = model;
  const pods = `${targetLabels.model}="${name}",pod="a"`;
  const waits = (value: number) =>
    histogram('inference_queue_duration_seconds', { model: name, version: '1' }, buckets, [{ value, perMinute: 100 }]);
  const rejections = (share: number) => ({
    ...shareOf(`inference_requests_total{${pods},code="503"}`, `inference_requests_total{${pods},code="200"}`, share),
    [`inference_rejected_total{${pods},reason="overloaded"}`]: perMinute(1000 * share),
    [`inference_rejected_total{${pods},reason="invalid_request"}`]: perMinute(900),
  });
  const lag = (times: number) => ({
    [`nodejs_eventloop_lag_seconds{${pods}}`]: always(times * partOfTimeout(model, 'stalled')),
  });
  const restarts = (each: number) => ({ [`worker_restarts_total{model="${name}",pod="a"}`]: perMinute(each) });
  return [
    ...burnCases(model),
    {
      alert: 'QueueSaturated',
      afterMinutes: 30,
      fires: [waits(model.serving.timeoutMs / 1000)],
      quiet: [waits(partOfTimeout(model, 'queued') / 10), {}],
    },
    { alert: 'RequestsRejected', afterMinutes: 30, fires: [rejections(0.02)], quiet: [rejections(0.005)] },
    { alert: 'EventLoopLags', afterMinutes: 30, fires: [lag(1.5)], quiet: [lag(0.5)] },
    { alert: 'WorkersRestart', afterMinutes: 30, fires: [restarts(1)], quiet: [restarts(0.1), restarts(0)] },
  ];
}
