import type { MetricJudgement } from '@repo/contract/judgement';
import type { ReleasePolicy } from '@repo/contract/release-policy';
import type { Task } from '@repo/contract/task';
import type { CanaryEvidence } from '../canary-evidence.ts';

/** What a metric is judged by. */
export interface MetricContext {
  readonly release: ReleasePolicy;
  readonly task: Task;
  readonly evidence: CanaryEvidence;
  /** How often this metric may fail a canary that is within its margin: its part of the release's alpha. */
  readonly alpha: number;
}

/** Judges one metric of a canary, from all that was counted so far. */
export type JudgeMetric = (context: MetricContext) => MetricJudgement;
