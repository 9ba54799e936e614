import { distributionDistanceSequence } from '@repo/stats/distribution-distance-sequence';
import type { BucketCounts } from '../canary-evidence.ts';
import { bucketsProblem } from '../evidence-problem.ts';
import { percent, unknownEffect, weighEffect } from '../weigh-effect.ts';
import type { JudgeMetric } from './metric-context.ts';

const sumOf = ({ counts }: BucketCounts): number => counts.reduce((sum, count) => sum + count, 0);

/**
 * Where the scores lie: the largest difference of the shares up to a bucket's bound. Both sides draw their requests from one stream, so that one model would
 * score both alike; a better one moves its scores a little, which is what the margin is for.
 */
export const judgeScores: JudgeMetric = ({ alpha, release, task, evidence: { stable, canary } }) => {
  if (task === 'regression')
    return unknownEffect('scores', 'a regression has no probabilities to compare', 'not-applicable');
  const problem = bucketsProblem('scores', stable.scores, canary.scores);
  if (problem !== null) return unknownEffect('scores', problem);
  const [a, b] = [canary.scores as BucketCounts, stable.scores as BucketCounts];
  const { distance, bin, lower, upper } = distributionDistanceSequence(a.counts, b.counts, alpha);
  return weighEffect(
    {
      metric: 'scores',
      unit: 'distance of the distributions',
      effect: distance,
      interval: [lower, upper],
      margin: release.margins.scores,
      samples: { stable: sumOf(b), canary: sumOf(a) },
      seen: `the shares of scores up to ${a.bounds[bin]} differ by ${percent(distance)}`,
    },
    release.plannedRequests,
  );
};
