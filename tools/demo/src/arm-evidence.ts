import type { ArmEvidence, BucketCounts } from '@repo/experiments/canary-evidence';
import type { Series } from './read-metrics.ts';

/** Two pages of metrics of one process: when it began to take its share, and now. */
export interface ArmMetrics {
  readonly model: string;
  readonly before: readonly Series[];
  readonly now: readonly Series[];
  /** Its part of the replicas, in any unit that both sides share. */
  readonly replicas: number;
}

type Chosen = (labels: Series['labels']) => boolean;

const sumOf = (series: readonly Series[], model: string, name: string, isChosen: Chosen): number =>
  series
    .filter((one) => one.name === name && one.labels.model === model && isChosen(one.labels))
    .reduce((sum, { value }) => sum + value, 0);

const boundOf = (le: string | undefined): number => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le));

/** What a process counted between the two pages, as the judge of canaries takes it. */
export function armEvidence({ model, before, now, replicas }: ArmMetrics): ArmEvidence {
  const count = (name: string, isChosen: Chosen = () => true): number =>
    sumOf(now, model, name, isChosen) - sumOf(before, model, name, isChosen);
  const histogram = (name: string): BucketCounts => {
    const bounds = [
      ...new Set(now.filter((one) => one.name === `${name}_bucket`).map(({ labels }) => boundOf(labels.le))),
    ];
    const rising = bounds.sort((a, b) => a - b);
    const below = rising.map((bound) => count(`${name}_bucket`, ({ le }) => boundOf(le) === bound));
    return { bounds: rising.slice(0, -1), counts: below.map((value, i) => value - (below[i - 1] ?? 0)) };
  };
  return {
    requests: count('inference_requests_total'),
    errors: count('inference_requests_total', ({ code = '' }) => code.startsWith('5')),
    refusals: count('inference_requests_total', ({ code = '' }) => code.startsWith('4')),
    latency: histogram('inference_request_duration_seconds'),
    scores: histogram('prediction_score'),
    predictions: count('predictions_total'),
    fallbacks: count('predictions_total', ({ level }) => level !== 'champion'),
    replicas,
  };
}
