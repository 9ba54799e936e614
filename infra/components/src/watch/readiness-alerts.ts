import { metric } from '@repo/contract/metric-name';
import { sumIncrease } from './promql.ts';
import { type Alert, Severity } from './rule.ts';
import type { WatchedModel } from './watched-model.ts';

/** Whether the model is there at all, on every replica, in the version that it should be. */
export function readinessAlerts({ name }: WatchedModel): Alert[] {
  const ready = metric('model_ready', { model: name });
  return [
    {
      name: 'ModelNotReady',
      // absent(): it also holds when nobody is left who could say that the model is not ready.
      expr: `absent(${ready} == 1)`,
      holds: '2m',
      severity: Severity.page,
      summary: `No replica serves ${name}: none is there, or every load failed its digest or its golden rows.`,
      runbook: 'model-not-ready',
    },
    {
      name: 'ReplicaNotReady',
      expr: `max by (pod) (${ready}) == 0`,
      holds: '15m',
      severity: Severity.ticket,
      summary: `{{ $labels.pod }} has not served ${name} for a quarter of an hour, while others do.`,
      runbook: 'model-not-ready',
    },
    {
      name: 'ReloadFails',
      expr: `${sumIncrease(metric('model_reloads_total', { model: name, result: 'failed' }), '30m', ['pod'])} > 0`,
      holds: '0m',
      severity: Severity.ticket,
      summary: `{{ $labels.pod }} could not take a new version of ${name}; it serves the one before.`,
      runbook: 'reload-fails',
    },
  ];
}
