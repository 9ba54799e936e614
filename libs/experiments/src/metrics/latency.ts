import type { MetricJudgement } from '@repo/contract/judgement';
import { exceedance } from '@repo/stats/exceedance';
import { type ExceedanceSequence, exceedanceSequence } from '@repo/stats/exceedance-sequence';
import type { BucketCounts } from '../canary-evidence.ts';
import { bucketsProblem } from '../evidence-problem.ts';
import { percent, unknownEffect, weighEffect } from '../weigh-effect.ts';
import type { JudgeMetric } from './metric-context.ts';

/** A percentile of the stable side that the canary's requests are held against. */
interface Percentile {
  /** Share of the stable requests above it. */
  readonly tail: number;
  /** How many times it they have to take to count. */
  readonly stretch: number;
}

/**
 * The 99th percentile is what matters, but it takes over a thousand stable requests to say where it lies at most; the 90th shows a slow canary
 * within the first 300. Twice of it, as a program that has just started is slower for a while.
 */
const percentiles = [
  { tail: 0.01, stretch: 1 },
  { tail: 0.1, stretch: 2 },
] as const satisfies readonly Percentile[];

const sumOf = ({ counts }: BucketCounts): number => counts.reduce((sum, count) => sum + count, 0);

function rowOf(
  { tail, stretch }: Percentile,
  { difference, quantile, lower, upper }: ExceedanceSequence,
  [stable, canary]: readonly [BucketCounts, BucketCounts],
  { margin, planned }: { margin: number; planned: number },
): MetricJudgement {
  const samples = { stable: sumOf(stable), canary: sumOf(canary) };
  const limitMs = Number((1000 * stretch * quantile).toPrecision(3));
  const slow = `${percent(difference + tail)} of ${Math.round(samples.canary)} canary requests took longer than ${limitMs} ms`;
  const than = `${stretch === 1 ? '' : 'half of '}which ${percent(tail)} of ${Math.round(samples.stable)} stable ones exceeded`;
  const effect = { effect: difference, interval: [lower, upper] as const, samples };
  return weighEffect(
    { metric: 'latency', unit: 'share of requests', ...effect, margin, seen: `${slow}, ${than}` },
    planned,
  );
}

/**
 * Share of requests that took longer than the stable side's 99th percentile, beyond the 1 % that do so there. The margin is for that; of the
 * 90th percentile it is ten times as large, so that either allows the same multiple. The one that fails is shown, else the first.
 */
export const judgeLatency: JudgeMetric = ({ alpha, release, evidence: { stable, canary } }) => {
  const problem = bucketsProblem('latencies', stable.latency, canary.latency);
  if (problem !== null) return unknownEffect('latency', problem);
  const sides = [stable.latency as BucketCounts, canary.latency as BucketCounts] as const;
  const [{ counts: reference, bounds }, { counts }] = sides;
  const rows = percentiles.flatMap((percentile, i) => {
    const question = { ...percentile, bounds, alpha: alpha / percentiles.length };
    const margin = Math.min(0.99 - percentile.tail, (release.margins.latency * percentile.tail) / 0.01);
    // The interval holds the effect itself: where that is within the margin, the second has nothing to add.
    if (i > 0 && (exceedance(counts, reference, question)?.difference ?? 0) <= margin) return [];
    const found = exceedanceSequence(counts, reference, question);
    return found === null ? [] : [rowOf(percentile, found, sides, { margin, planned: release.plannedRequests })];
  });
  const measured = exceedance(counts, reference, { tail: percentiles[0].tail, bounds }) !== null;
  const unmeasured = `more than 1 % of the stable requests took longer than ${bounds.at(-1)} s, the last bucket's bound`;
  return (
    rows.find(({ outcome }) => outcome === 'fail') ??
    (measured ? rows[0] : undefined) ??
    unknownEffect('latency', unmeasured)
  );
};
