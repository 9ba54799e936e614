import type { MetricJudgement } from '@repo/contract/judgement';
import { anyPrior } from '@repo/stats/beta-mixture';
import { proportionSequence } from '@repo/stats/proportion-sequence';
import { countProblem } from '../evidence-problem.ts';
import { percent, unknownEffect } from '../weigh-effect.ts';
import type { JudgeMetric } from './metric-context.ts';

/** How often a canary whose requests are spread as they should be may be held up; it is not rolled back for that. */
const alphaOfRatio = 0.001;

/**
 * Whether requests reach the two sides in the ratio of their replicas. Where they do not, something chooses who gets them, and no other comparison is fair.
 * Connections that live long make small deviations common and meaningless, so that only one beyond the margin counts. Never fails: it is inconclusive.
 */
export const judgeSampleRatio: JudgeMetric = ({ release, evidence: { stable, canary } }): MetricJudgement => {
  const problem =
    countProblem('stable requests', stable.requests) ??
    countProblem('canary requests', canary.requests) ??
    countProblem('stable replicas', stable.replicas) ??
    countProblem('canary replicas', canary.replicas);
  if (problem !== null) return unknownEffect('sample-ratio', problem);
  const [requests, pods] = [
    { stable: stable.requests as number, canary: canary.requests as number },
    { stable: stable.replicas as number, canary: canary.replicas as number },
  ];
  if (pods.stable === 0 || pods.canary === 0)
    return unknownEffect('sample-ratio', `no ${pods.stable === 0 ? 'stable' : 'canary'} pod was ready`);
  const all = requests.stable + requests.canary;
  if (all === 0) return unknownEffect('sample-ratio', 'there are no requests');
  const expected = pods.canary / (pods.stable + pods.canary);
  const { share, lower, upper } = proportionSequence(
    { successes: requests.canary, trials: all },
    alphaOfRatio,
    anyPrior,
  );
  const margin = release.margins.sampleRatio;
  const mismatch = lower - expected > margin || expected - upper > margin;
  const seen = `${percent(share)} of ${Math.round(all)} requests reached the canary, which had ${percent(expected)} of the replicas`;
  return {
    metric: 'sample-ratio',
    outcome: mismatch ? 'inconclusive' : 'pass',
    effect: share - expected,
    interval: [lower - expected, upper - expected],
    margin,
    unit: 'share of requests',
    samples: requests,
    detail: `${seen}: ${mismatch ? `further away than ${percent(margin)}, so that no comparison is fair` : 'as it should be'}.`,
  };
};
