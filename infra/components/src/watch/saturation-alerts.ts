import { metric } from '@repo/contract/metric-name';
import { targetLabels } from '@repo/contract/target-label';
import { number, quantile, share, sumIncrease, sumRate } from './promql.ts';
import { type Alert, Severity } from './rule.ts';
import type { WatchedModel } from './watched-model.ts';

/** Part of a prediction's time that requests may wait in the queue, and that the event loop may stand still. */
const limits = { queued: 0.5, stalled: 0.25, rejected: 0.01 } as const;

/** Seconds of a part of the model's timeout. */
export const partOfTimeout = ({ serving }: WatchedModel, part: keyof typeof limits): number =>
  (limits[part] * serving.timeoutMs) / 1000;

/** Whether there is room: in the queue, on the event loop, in the threads. */
export function saturationAlerts(model: WatchedModel): Alert[] {
  const { name } = model;
  const pods = { [targetLabels.model]: name } as const;
  const queued = quantile(0.99, metric('inference_queue_duration_seconds_bucket', { model: name }), '5m');
  const rejected = metric('inference_rejected_total', { ...pods, reason: /queue_full|overloaded/ });
  const all = metric('inference_requests_total', pods);
  return [
    {
      name: 'QueueSaturated',
      expr: `${queued} > ${number(partOfTimeout(model, 'queued'))}`,
      holds: '10m',
      severity: Severity.ticket,
      summary: `One in a hundred requests for ${name} waits {{ $value | humanizeDuration }} for its run: half of its time is gone before it begins.`,
      runbook: 'queue-saturated',
    },
    {
      name: 'RequestsRejected',
      expr: `${share(sumRate(rejected, '5m'), sumRate(all, '5m'))} > ${limits.rejected}`,
      holds: '5m',
      severity: Severity.ticket,
      summary: `{{ $value | humanizePercentage }} of the requests for ${name} are refused for want of room.`,
      runbook: 'queue-saturated',
    },
    {
      name: 'EventLoopLags',
      expr: `max by (pod) (${metric('nodejs_eventloop_lag_seconds', pods)}) > ${number(partOfTimeout(model, 'stalled'))}`,
      holds: '5m',
      severity: Severity.ticket,
      summary: `The event loop of {{ $labels.pod }} stands still for {{ $value | humanizeDuration }} at a time: everything that it serves waits.`,
      runbook: 'event-loop-lags',
    },
    {
      name: 'WorkersRestart',
      expr: `${sumIncrease(metric('worker_restarts_total', { model: name }), '15m', ['pod'])} > 3`,
      holds: '0m',
      severity: Severity.ticket,
      summary: `Threads of {{ $labels.pod }} that run ${name} end by themselves again and again.`,
      runbook: 'workers-restart',
    },
  ];
}
