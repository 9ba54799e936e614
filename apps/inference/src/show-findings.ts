import { parseInstant } from '@repo/contract/instant';
import type { FindingOutcome, MonitorFindings } from '@repo/contract/monitor-findings';
import type { ServiceMetrics } from './app-deps.ts';

const levels: Readonly<Record<FindingOutcome, number>> = { 'no-verdict': -1, ok: 0, warn: 1, page: 2 };

/**
 * Shows what the monitor found as series. Returns what removes them: a subject that is found no more goes. Its moment is that up to which was looked
 * at, the same in every replica however young: a replay of the past tells nothing of now, and is as old as what it looked at.
 */
export function showFindings(metrics: ServiceMetrics, model: string, found: MonitorFindings | null): () => void {
  if (found === null) return () => {};
  const series = found.findings.map(({ kind, name, subject, outcome, value }) => ({
    labels: { model, kind, name, subject: subject ?? '' },
    level: levels[outcome],
    value,
  }));
  metrics.set('monitor_run_timestamp_seconds', { model }, parseInstant(found.at, 'at') / 1e6);
  for (const { labels, level, value } of series) {
    metrics.set('monitor_finding', labels, level);
    if (value !== null) metrics.set('monitor_value', labels, value);
  }
  return () => {
    metrics.remove('monitor_run_timestamp_seconds', { model });
    for (const { labels, value } of series) {
      metrics.remove('monitor_finding', labels);
      if (value !== null) metrics.remove('monitor_value', labels);
    }
  };
}
