import { metric } from '@repo/contract/metric-name';
import { FindingKind } from '@repo/contract/monitor-findings';
import { type Alert, Severity } from './rule.ts';
import type { WatchedModel } from './watched-model.ts';

/** Level of a finding that is to be looked at now; see `monitor_finding`. */
const pageLevel = 2;

/** What a finding of each kind is called. All wait for the morning: the callers have their answers, and what is found took days to happen. */
const alertOf = {
  model: {
    name: 'ModelQualityFalls',
    severity: Severity.page,
    says: 'no longer answers as well as it was approved to',
  },
  system: { name: 'ServiceUnlikeItself', says: 'is served unlike in the weeks before' },
  data: { name: 'DataDrifts', says: 'is asked about rows unlike those it learned from' },
  business: { name: 'DecisionsCostTooMuch', says: 'decides at a higher cost than was agreed' },
} as const satisfies Record<FindingKind, object>;

/** So long a monitor whose findings are no longer shown, because its files are gone or cannot be read, still counts as one that ought to run. */
const rememberedFor = '14d';

function findingAlert(model: string, kind: FindingKind): Alert {
  const { name, says } = alertOf[kind];
  const found = metric('monitor_finding', { model, kind });
  return {
    name,
    // The findings of the last run are shown by every replica alike.
    expr: `max by (name, subject) (${found}) == ${pageLevel}`,
    holds: '0m',
    severity: Severity.ticket,
    summary: `${model} ${says}: {{ $labels.name }} {{ $labels.subject }}.`,
    runbook: 'monitor-finds',
  };
}

/** What `causeway monitor` finds: nothing of it is judged here again. It calls for somebody after two windows running, so these hold for no time. */
export function monitorAlerts({ name: model }: WatchedModel): Alert[] {
  // Also of replicas that are gone.
  const run = `last_over_time(${metric('monitor_run_timestamp_seconds', { model })}[${rememberedFor}])`;
  // Of one that never told anything there is no series to be old: it is silent once the model has been served for as long. A stack without the job
  // has this alert too: what serves and is not looked at is the case that it is for.
  const served = `max (${metric('model_ready', { model })} offset 2d) == 1`;
  return [
    ...Object.values(FindingKind).map((kind) => findingAlert(model, kind)),
    {
      name: 'MonitorSilent',
      expr: `time() - max (${run}) > 2 * 86400 or 2 * 86400 * (absent(${run}) and on () ${served})`,
      holds: '15m',
      severity: Severity.ticket,
      summary: `Nothing new has been found out about ${model} for {{ $value | humanizeDuration }}: its monitor does not run.`,
      runbook: 'monitor-silent',
    },
  ];
}
