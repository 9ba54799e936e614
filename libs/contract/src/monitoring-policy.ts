import { z } from 'zod';
import type { Problem } from './input-error.ts';
import { show } from './input-error.ts';
import { metrics } from './metric.ts';

const share = z.number().gt(0).lt(1);

/** What a model's definition says about how it is watched: alerts and the lines of dashboards are derived from it. */
export const monitoringPolicySchema = z
  .strictObject({
    objectives: z
      .strictObject({
        /** Share of requests over 30 days that are not answered with 5xx. Under 0.95 no outage could burn its budget fast. */
        availability: z.number().min(0.95).max(0.99999).default(0.999),
        /**
         * Milliseconds within which 99 % of the requests over 30 days are answered: a bound of the histogram of durations, so that the share is
         * counted and not estimated. Default: the largest bound within half of `serving.timeoutMs`.
         */
        latencyP99Ms: z.number().gt(0).optional(),
        /** Most predictions that anybody but the champion may answer, as a share. */
        fallbackShare: share.default(0.05),
        /** Most feature values that may be missing, as a share of all; training has its own, see profile.json. */
        missingFeatureShare: share.default(0.1),
        /** Most feature values that may be older than the TTL of their view, as a share of all. */
        staleFeatureShare: share.default(0.05),
        /** Largest distance of an hour's answers from those to the training rows: Kolmogorov and Smirnov's, 0 to 1. Classifications only. */
        scoreShift: share.default(0.2),
      })
      .prefault({}),
  })
  .prefault({});

export type MonitoringPolicy = z.output<typeof monitoringPolicySchema>;

/** What the functions below take from a model definition. */
interface Watched {
  readonly serving: { readonly timeoutMs: number };
  readonly monitoring: MonitoringPolicy;
}

const { buckets } = metrics.inference_request_duration_seconds;
/** Rounded: 0.0005 s times 1000 is not quite 0.5. */
const toMs = (seconds: number): number => Number((seconds * 1000).toPrecision(12));
const boundsMs = buckets.map(toMs);

/** The model's objective of latency in seconds: a bound of `inference_request_duration_seconds`, as the histogram writes it. */
export function latencyObjectiveSeconds({ serving, monitoring }: Watched): number {
  const { latencyP99Ms } = monitoring.objectives;
  const named = buckets.find((bound) => toMs(bound) === latencyP99Ms);
  return named ?? buckets.findLast((bound) => toMs(bound) <= serving.timeoutMs / 2) ?? buckets[0];
}

/** What is wrong between a monitoring policy and the rest of its definition. `label` names the model. */
export function checkMonitoringPolicy(label: string, { serving, monitoring }: Watched): Problem[] {
  const { latencyP99Ms } = monitoring.objectives;
  const allowed = boundsMs.filter((bound) => bound <= serving.timeoutMs);
  if (latencyP99Ms === undefined || allowed.includes(latencyP99Ms)) return [];
  return [
    {
      path: `${label}.monitoring.objectives.latencyP99Ms`,
      received: show(latencyP99Ms),
      allowed: `${allowed.join(', ')}: the bounds of inference_request_duration_seconds within serving.timeoutMs`,
      action: 'take the next bound',
    },
  ];
}
