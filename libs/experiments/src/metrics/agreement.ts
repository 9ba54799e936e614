import { proportionSequence } from '@repo/stats/proportion-sequence';
import { countProblem, partProblem } from '../evidence-problem.ts';
import { percent, unknownEffect, weighEffect } from '../weigh-effect.ts';
import type { JudgeMetric } from './metric-context.ts';

/**
 * Logged predictions of the canary that the candidate's own bundle, asked again offline with the same features, does not give: a wrong model,
 * caught without labels. Only so many are scored again, hence the sample planned for it is `minRequests`.
 */
export const judgeAgreement: JudgeMetric = ({ alpha, release, evidence: { agreement } }) => {
  if (agreement === null || agreement === undefined)
    return unknownEffect('agreement', 'no logged prediction of the canary was scored again');
  const { compared, disagreed, largest } = agreement;
  const problem =
    countProblem('compared predictions', compared) ??
    (compared === 0 ? 'no logged prediction of the canary was scored again' : null) ??
    partProblem('differing predictions', disagreed, compared);
  if (problem !== null) return unknownEffect('agreement', problem);
  const counts = { successes: Math.min(disagreed, compared), trials: compared };
  const { share, lower, upper } = proportionSequence(counts, alpha);
  const by = disagreed > 0 && Number.isFinite(largest) ? ` by up to ${Number(Number(largest).toPrecision(3))}` : '';
  return weighEffect(
    {
      metric: 'agreement',
      unit: 'share of compared predictions',
      effect: share,
      interval: [lower, upper],
      margin: release.margins.agreement,
      samples: { stable: 0, canary: compared },
      seen: `${disagreed} of ${compared} predictions (${percent(share)}) differ${by} from what the candidate's own bundle answers`,
    },
    release.minRequests,
  );
};
