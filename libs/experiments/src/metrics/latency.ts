import type { MetricJudgement } from '@repo/contract/judgement';
import { type Exceedance, exceedanceSequence } from '@repo/stats/exceedance-sequence';
import type { BucketCounts } from '../canary-evidence.ts';
import { bucketsProblem } from '../evidence-problem.ts';
import { percent, unknownEffect, weighEffect } from '../weigh-effect.ts';
import type { JudgeMetric } from './metric-context.ts';

/**
 * Shares of the stable side's requests that count as its slow ones. The 99th percentile is what matters, but it takes over a thousand stable requests to
 * say where it lies at most; the 90th shows a slow canary within the first 300.
 */
const tails = [0.01, 0.1] as const;

const sumOf = ({ counts }: BucketCounts): number => counts.reduce((sum, count) => sum + count, 0);

/** The latency at a place among the buckets, in ms. */
function milliseconds({ bounds }: BucketCounts, place: number): number {
  const bucket = Math.min(bounds.length - 1, Math.floor(place));
  const [from, to] = [bounds[bucket - 1] ?? 0, bounds[bucket] as number];
  return Number((1000 * (from + (place - bucket) * (to - from))).toPrecision(3));
}

/**
 * Share of requests that took longer than the stable side's 99th percentile, beyond the 1 % that do so there. The margin is for that; of the
 * 90th percentile it is ten times as large, so that either allows the same multiple. The one that fails is shown, else the first.
 */
export const judgeLatency: JudgeMetric = ({ alpha, release, evidence: { stable, canary } }) => {
  const problem = bucketsProblem('latencies', stable.latency, canary.latency);
  if (problem !== null) return unknownEffect('latency', problem);
  const [a, b] = [canary.latency as BucketCounts, stable.latency as BucketCounts];
  const samples = { stable: sumOf(b), canary: sumOf(a) };
  const row = (tail: number, { difference, place, lower, upper }: Exceedance): MetricJudgement =>
    weighEffect(
      {
        metric: 'latency',
        unit: 'share of requests',
        effect: difference,
        interval: [lower, upper],
        margin: Math.min(0.99 - tail, (release.margins.latency * tail) / 0.01),
        samples,
        seen: `${percent(difference + tail)} of ${Math.round(samples.canary)} canary requests took longer than ${milliseconds(b, place)} ms, as ${percent(tail)} of ${Math.round(samples.stable)} stable ones did`,
      },
      release.plannedRequests,
    );
  const rows = tails.flatMap((tail) => {
    const found = exceedanceSequence(a.counts, b.counts, { tail, alpha: alpha / tails.length });
    return found === null ? [] : [row(tail, found)];
  });
  return (
    rows.find(({ outcome }) => outcome === 'fail') ??
    (rows.length === tails.length ? rows[0] : undefined) ??
    unknownEffect(
      'latency',
      `more than 1 % of the stable requests took longer than ${b.bounds.at(-1)} s, the last bucket's bound`,
    )
  );
};
