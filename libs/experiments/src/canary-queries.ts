import { metric } from '@repo/contract/metric-name';
import { targetLabels } from '@repo/contract/target-label';

/** Which pods are asked about, and since when. */
export interface CanaryWindow {
  readonly model: string;
  readonly namespace: string;
  /** Hashes of the pods' templates. */
  readonly stable: string;
  readonly canary: string;
  /** When the canary began, and now; seconds since 1970. */
  readonly sinceS: number;
  readonly atS: number;
}

/** What is asked of Prometheus at one look. */
export type CanaryQuery =
  | 'requests'
  | 'errors'
  | 'refusals'
  | 'latency'
  | 'scores'
  | 'predictions'
  | 'fallbacks'
  | 'podSeconds'
  | 'pods'
  | 'versions';

const hash = targetLabels.templateHash;

/** Seconds between two looks at how many pods are ready. */
const readyEveryS = 5;

/**
 * How far a counter has come since the canary began, summed by pod template. A series that was not there then began at 0. `increase` alone
 * would lose what such a series counted before its first scrape, and extrapolates; it is used where a process restarted and began anew.
 * A pod whose variant changes goes on under another series: the largest of both is where its counter is.
 */
function countSince(series: string, by: readonly string[], { sinceS, atS }: CanaryWindow): string {
  const range = `[${Math.max(1, Math.ceil(atS - sinceS))}s]`;
  const ofPod = (vector: string): string => `max without (${targetLabels.variant}) (${vector})`;
  const restarted = ofPod(`increase(${series}${range}) and resets(${series}${range}) > 0`);
  const now = ofPod(`last_over_time(${series}${range})`);
  const then = ofPod(`last_over_time(${series}[5m] @ ${sinceS})`);
  return `sum by (${by.join(', ')}) (${restarted} or ${now} - ${then} or ${now})`;
}

/** The queries of one look in PromQL. Each answers for both sides at once, told apart by the label of the pod's template hash. */
export function canaryQueries(window: CanaryWindow): Record<CanaryQuery, string> {
  const { model, namespace, stable, canary } = window;
  const pods = {
    [targetLabels.model]: model,
    namespace,
    [hash]: new RegExp(`${stable}|${canary}`),
  } as const;
  const count = (series: string, ...by: string[]): string => countSince(series, [hash, ...by], window);
  // A pod with an experiment has a series for each version, and is one pod.
  const readyPods = `max by (${hash}, pod) (${metric('model_ready', pods)})`;
  const ready = `sum by (${hash}) (${readyPods})`;
  const range = `[${Math.max(readyEveryS, Math.ceil(window.atS - window.sinceS))}s:${readyEveryS}s]`;
  return {
    requests: count(metric('inference_requests_total', pods)),
    errors: count(metric('inference_requests_total', { ...pods, code: /5../ })),
    refusals: count(metric('inference_requests_total', { ...pods, code: /4../ })),
    latency: count(metric('inference_request_duration_seconds_bucket', pods), 'le'),
    scores: count(metric('prediction_score_bucket', pods), 'le'),
    predictions: count(metric('predictions_total', pods)),
    fallbacks: count(metric('predictions_total', { ...pods, level: { not: 'champion' } })),
    podSeconds: `${readyEveryS} * sum_over_time((${ready})${range})`,
    pods: `count by (${hash}) (${readyPods})`,
    versions: `max by (${hash}, version, sha256) (${metric('model_info', pods)})`,
  };
}
