import type { MetricJudgement } from '@repo/contract/judgement';
import { differenceSequence } from '@repo/stats/difference-sequence';
import type { Proportion } from '@repo/stats/proportion';
import type { ArmEvidence } from '../canary-evidence.ts';
import { countProblem, partProblem } from '../evidence-problem.ts';
import { percent, unknownEffect, weighEffect } from '../weigh-effect.ts';
import type { MetricContext } from './metric-context.ts';

export interface ComparedShare {
  metric: MetricJudgement['metric'];
  margin: number;
  /** What is counted, such as `requests`, and which of them, such as `errors`. */
  whole: 'requests' | 'predictions';
  part: 'errors' | 'refusals' | 'fallbacks';
  /** Says of the part what became of it, such as `failed`. */
  became: string;
}

/** How much larger a share of the canary's requests or predictions is than of the stable side's. */
export function compareShares(
  { alpha, release, evidence }: MetricContext,
  { metric, margin, whole, part, became }: ComparedShare,
): MetricJudgement {
  const problemOf = (side: 'stable' | 'canary', { [whole]: all, [part]: some }: ArmEvidence) =>
    countProblem(`${side} ${whole}`, all) ??
    (all === 0 ? `there are no ${side} ${whole}` : partProblem(`${side} ${part}`, some, all));
  const problem = problemOf('stable', evidence.stable) ?? problemOf('canary', evidence.canary);
  if (problem !== null) return unknownEffect(metric, problem);
  const counts = ({ [whole]: all, [part]: some }: ArmEvidence): Proportion => ({
    successes: Math.min(some as number, all as number),
    trials: all as number,
  });
  const [stable, canary] = [counts(evidence.stable), counts(evidence.canary)];
  const { difference, lower, upper } = differenceSequence(canary, stable, alpha);
  const text = ({ successes, trials }: Proportion) => `${percent(successes / trials)} of ${Math.round(trials)}`;
  return weighEffect(
    {
      metric,
      unit: `share of ${whole}`,
      effect: difference,
      interval: [lower, upper],
      margin,
      samples: { stable: stable.trials, canary: canary.trials },
      seen: `${text(canary)} canary ${whole} ${became}, ${text(stable)} stable ones`,
    },
    release.plannedRequests,
  );
}
