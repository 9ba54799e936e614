import type { MetricJudgement, Verdict } from '@repo/contract/judgement';
import type { ReleasePolicy } from '@repo/contract/release-policy';
import type { CanaryVerdict } from './judge-canary.ts';

const withheld = (row: MetricJudgement, why: string): MetricJudgement =>
  row.outcome === 'not-applicable' ? row : { ...row, outcome: 'inconclusive', detail: `${row.detail} ${why}` };

/** Why no metric may say anything yet, as a sentence; null where they may. */
function reservation(ratio: MetricJudgement, errors: MetricJudgement, { minRequests }: ReleasePolicy): string | null {
  if (ratio.effect === null || errors.effect === null) return null;
  const { stable, canary } = errors.samples;
  const few = [
    ...(stable < minRequests ? [`${Math.floor(stable)} of ${minRequests} stable requests`] : []),
    ...(canary < minRequests ? [`${Math.floor(canary)} of ${minRequests} canary requests`] : []),
  ];
  if (few.length > 0) return `Too few requests: ${few.join(' and ')} so far.`;
  return ratio.outcome === 'inconclusive' ? ratio.detail : null;
}
