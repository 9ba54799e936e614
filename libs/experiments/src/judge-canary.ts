import type { Judgement, MetricJudgement } from '@repo/contract/judgement';
import type { ReleasePolicy } from '@repo/contract/release-policy';
import type { Task } from '@repo/contract/task';
import type { CanaryEvidence } from './canary-evidence.ts';

/** What the judge goes by: the release of a model's definition and whether it classifies. A `Model` is one. */
export interface JudgedModel {
  readonly release: ReleasePolicy;
  readonly task: Task;
}

/** What the judge finds; with model, sides and times it becomes a `Judgement`. */
export interface CanaryVerdict {
  readonly verdict: Judgement['verdict'];
  /** One sentence: which metric decided, or what is still missing. */
  readonly reason: string;
  readonly metrics: MetricJudgement[];
}

/**
 * Judges a canary by everything counted since it began. A pure function that holds at every look: it may be asked as often as one likes, by
 * different processes, in any order. Evidence that is missing or contradicts itself makes it inconclusive; it never throws for evidence.
 */
export function judgeCanary(_model: JudgedModel, _evidence: CanaryEvidence): CanaryVerdict {
  return { verdict: 'inconclusive', reason: 'The judge does not weigh evidence yet.', metrics: [] };
}
