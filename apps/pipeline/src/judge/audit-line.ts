import type { Judgement } from '@repo/contract/judgement';

/** A judgement as fields of a log line: who was judged, what was said, and each metric's effect and outcome. */
export function auditLine({ model, stable, canary, since, verdict, reason, metrics }: Judgement) {
  return {
    model,
    stable: stable.podHash,
    canary: canary.podHash,
    since,
    verdict,
    reason,
    metrics: Object.fromEntries(
      metrics.map(({ metric, outcome, effect, interval, samples }) => [metric, { outcome, effect, interval, samples }]),
    ),
  };
}
