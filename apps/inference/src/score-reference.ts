import { metrics as rows } from '@repo/contract/metric';
import type { Profile } from '@repo/contract/profile';
import type { ServiceMetrics } from './app-deps.ts';

const bounds = rows.prediction_score.buckets;

/**
 * Share of the answers to the training rows at or below `score`, 0 to 1. A profile counts them in bins of about 5 %: within a bin they are
 * taken to lie evenly, which errs by less than a bin. The outer bins end at 0 and 1, as probabilities do.
 */
export function shareAtOrBelow({ edges, counts }: Profile['answers'], score: number): number {
  const ends = [...edges, 1];
  const total = counts.reduce((sum, rowsOfBin) => sum + rowsOfBin, 0);
  let below = 0;
  let from = 0;
  for (const [i, to] of ends.entries()) {
    const rowsOfBin = counts[i] ?? 0;
    if (score < to) return (below + (rowsOfBin * Math.max(0, score - from)) / (to - from)) / total;
    below += rowsOfBin;
    from = to;
  }
  return 1;
}

/**
 * Shows beside the scores of a version those of its training, so that both have the same bounds and a query can compare them whichever bundle
 * serves. Returns what removes the series.
 */
export function showScoreReference(
  metrics: ServiceMetrics,
  labels: { readonly model: string; readonly version: string },
  profile: Profile,
): () => void {
  const series = bounds.map((bound) => ({ bound, labels: { ...labels, le: String(bound) } }));
  for (const { bound, labels } of series) {
    metrics.set('prediction_score_reference', labels, shareAtOrBelow(profile.answers, bound));
  }
  return () => {
    for (const { labels } of series) metrics.remove('prediction_score_reference', labels);
  };
}
