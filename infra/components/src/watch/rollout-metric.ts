import { type LabelMatch, selectorOf } from '@repo/contract/metric-name';

/**
 * Series of the controller of Argo Rollouts 1.9 that are looked at here, each with its labels, as its metrics page shows them;
 * test/e2e/fixtures holds what a real one answered. Phases are not those of the Rollout's status: a rolled back one is `Abort`, a
 * promoted one `Completed`, one that made no progress in time `Timeout`.
 */
const rolloutMetrics = {
  rollout_info: ['name', 'namespace', 'phase', 'strategy', 'traffic_router'],
  rollout_info_replicas_desired: ['name', 'namespace'],
  rollout_info_replicas_updated: ['name', 'namespace'],
  rollout_info_replicas_available: ['name', 'namespace'],
  rollout_events_total: ['name', 'namespace', 'reason', 'type'],
  analysis_run_info: ['name', 'namespace', 'phase'],
} as const;

type RolloutMetric = keyof typeof rolloutMetrics;

/** A vector selector over a series of the controller of Argo Rollouts; any other name or label does not compile. */
export const rolloutMetric = <M extends RolloutMetric>(
  name: M,
  matches: Partial<Record<(typeof rolloutMetrics)[M][number], LabelMatch>> = {},
): string => selectorOf(name, matches);
