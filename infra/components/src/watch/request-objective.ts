import { metric } from '@repo/contract/metric-name';
import { latencyObjectiveSeconds } from '@repo/contract/monitoring-policy';
import { targetLabels } from '@repo/contract/target-label';
import { number, share, sumIncrease, sumRate } from './promql.ts';
import type { WatchedModel } from './watched-model.ts';

/** An objective of a model about its requests: which of them are bad, and how many may be. */
export interface RequestObjective {
  readonly slo: 'availability' | 'latency';
  /** First part of the names of what is recorded about it. */
  readonly record: string;
  /** Most requests that may be bad, as a share. */
  readonly budget: number;
  /** Share of bad requests in a window, in PromQL. */
  ratio(window: string): string;
  /** How many requests were bad in a window, in PromQL. */
  count(window: string): string;
}

/** Share of requests that must keep to the objective of latency. */
const fastShare = 0.99;

/**
 * Not answered, or not in time: 5xx, which counts deadlines (504) and refusals for want of room (503). By the pod and not by the label
 * `model`, because what is refused before it is read has none. 499, a client that left, is no error of ours.
 */
function availability({ name, monitoring }: WatchedModel): RequestObjective {
  const pods = { [targetLabels.model]: name } as const;
  const all = metric('inference_requests_total', pods);
  const bad = metric('inference_requests_total', { ...pods, code: /5../ });
  return {
    slo: 'availability',
    record: 'model:requests_failed',
    budget: 1 - monitoring.objectives.availability,
    ratio: (window) => share(sumRate(bad, window), sumRate(all, window)),
    count: (window) => sumIncrease(bad, window),
  };
}

/** Answered later than the objective, whatever the answer. */
function latency(model: WatchedModel): RequestObjective {
  const le = number(latencyObjectiveSeconds(model));
  const all = metric('inference_request_duration_seconds_count', { model: model.name });
  const fast = metric('inference_request_duration_seconds_bucket', { model: model.name, le });
  return {
    slo: 'latency',
    record: 'model:requests_slow',
    budget: 1 - fastShare,
    ratio: (window) => `1 - ${share(sumRate(fast, window), sumRate(all, window))}`,
    count: (window) => `${sumIncrease(all, window)} - ${sumIncrease(fast, window)}`,
  };
}

/** The objectives of a model about its requests. */
export const requestObjectives = (model: WatchedModel): RequestObjective[] => [availability(model), latency(model)];
