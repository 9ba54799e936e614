import type { MetricJudgement } from '@repo/contract/judgement';
import { type Exceedance, exceedanceSequence, valueAtPlace } from '@repo/stats/exceedance-sequence';
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
const percentiles: readonly Percentile[] = [
  { tail: 0.01, stretch: 1 },
  { tail: 0.1, stretch: 2 },
];

const sumOf = ({ counts }: BucketCounts): number => counts.reduce((sum, count) => sum + count, 0);

function rowOf(
  { tail, stretch }: Percentile,
  { difference, place, lower, upper }: Exceedance,
  [stable, canary]: readonly [BucketCounts, BucketCounts],
  { latency, planned }: { latency: number; planned: number },
): MetricJudgement {
  const samples = { stable: sumOf(stable), canary: sumOf(canary) };
  const limitMs = Number((1000 * stretch * valueAtPlace(stable.bounds, place)).toPrecision(3));
  const slow = `${percent(difference + tail)} of ${Math.round(samples.canary)} canary requests took longer than ${limitMs} ms`;
  const than = `${stretch === 1 ? '' : 'half of '}which ${percent(tail)} of ${Math.round(samples.stable)} stable ones exceeded`;
  const effect = { effect: difference, interval: [lower, upper] as const, samples };
  const margin = Math.min(0.99 - tail, (latency * tail) / 0.01);
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
  const allowed = { latency: release.margins.latency, planned: release.plannedRequests };
  const rows = percentiles.flatMap((percentile) => {
    const options = { ...percentile, bounds, alpha: alpha / percentiles.length };
    const found = exceedanceSequence(counts, reference, options);
    return found === null ? [] : [rowOf(percentile, found, sides, allowed)];
  });
  const unmeasured = `more than 1 % of the stable requests took longer than ${bounds.at(-1)} s, the last bucket's bound`;
  return (
    rows.find(({ outcome }) => outcome === 'fail') ??
    (rows.length === percentiles.length ? rows[0] : undefined) ??
    unknownEffect('latency', unmeasured)
  );
};
