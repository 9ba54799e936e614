import type { MetricJudgement } from '@repo/contract/judgement';
import type { ReleasePolicy } from '@repo/contract/release-policy';
import type { CanaryEvidence } from './canary-evidence.ts';
import { countProblem } from './evidence-problem.ts';
import type { CanaryVerdict } from './judge-canary.ts';
import { percent } from './weigh-effect.ts';

/** Why no metric may say anything yet: in a sentence, and in a few words. */
interface Reservation {
  readonly reason: string;
  readonly short: string;
}

function fewRequests({ stable, canary }: CanaryEvidence, { minRequests }: ReleasePolicy): Reservation | null {
  const sides = Object.entries({ stable, canary });
  const problem = sides.map(([side, { requests }]) => countProblem(`${side} requests`, requests)).find(Boolean);
  if (problem) return { reason: `The judge cannot tell: ${problem}.`, short: problem };
  const few = sides.filter(([, { requests }]) => (requests as number) < minRequests);
  const counts = few.map(
    ([side, { requests }]) => `${Math.floor(requests as number)} of ${minRequests} ${side} requests`,
  );
  return few.length === 0 ? null : { reason: `Too few requests: ${counts.join(', ')}.`, short: 'too few requests' };
}

function mismatch(metrics: readonly MetricJudgement[]): Reservation | null {
  const ratio = metrics.find(({ metric }) => metric === 'sample-ratio');
  // Without a known ratio a fail still stands: it may be wrong to roll back for it, but not dangerous.
  if (ratio === undefined || ratio.effect === null || ratio.outcome === 'pass') return null;
  return { reason: `All results are withheld: ${ratio.detail}`, short: 'requests do not reach the sides by replicas' };
}

const withhold = (row: MetricJudgement, short: string): MetricJudgement =>
  row.outcome === 'not-applicable' || row.metric === 'sample-ratio' || row.effect === null
    ? row
    : { ...row, outcome: 'inconclusive', detail: `${row.detail} Withheld: ${short}.` };

const sentences = (rows: readonly MetricJudgement[]): string =>
  rows.map(({ metric, detail }) => `${metric}: ${detail}`).join(' ');

function passReason(metrics: readonly MetricJudgement[], { stable, canary }: CanaryEvidence): string {
  const open = metrics.filter(({ interval, margin }) => interval !== null && margin !== null && interval[1] > margin);
  const compared = open.filter(({ metric }) => metric !== 'sample-ratio');
  const upTo = compared.map(({ metric, interval }) => `${metric} up to ${percent(interval?.[1] ?? 1)}`);
  const counts = `${Math.round(stable.requests ?? 0)} stable and ${Math.round(canary.requests ?? 0)} canary requests`;
  return `No metric is worse than its margin allows, on ${counts}.${upTo.length === 0 ? '' : ` Not excluded: ${upTo.join(', ')}.`}`;
}

/** One verdict of all metrics: fail before inconclusive before pass, unless there is a reason to let none speak. */
export function summarize(
  metrics: readonly MetricJudgement[],
  evidence: CanaryEvidence,
  release: ReleasePolicy,
): CanaryVerdict {
  const held = fewRequests(evidence, release) ?? mismatch(metrics);
  if (held !== null)
    return { verdict: 'inconclusive', reason: held.reason, metrics: metrics.map((row) => withhold(row, held.short)) };
  const failed = metrics.filter(({ outcome }) => outcome === 'fail');
  if (failed.length > 0) return { verdict: 'fail', reason: sentences(failed), metrics: [...metrics] };
  const open = metrics.filter(({ outcome }) => outcome === 'inconclusive');
  if (open.length > 0) return { verdict: 'inconclusive', reason: sentences(open), metrics: [...metrics] };
  return { verdict: 'pass', reason: passReason(metrics, evidence), metrics: [...metrics] };
}
