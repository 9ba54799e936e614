import { JudgedMetric, type Judgement, type MetricJudgement } from '@repo/contract/judgement';
import type { ReleasePolicy } from '@repo/contract/release-policy';
import type { Task } from '@repo/contract/task';
import type { CanaryEvidence } from './canary-evidence.ts';
import { judgeAgreement } from './metrics/agreement.ts';
import { judgeErrors } from './metrics/errors.ts';
import { judgeFallback } from './metrics/fallback.ts';
import { judgeLatency } from './metrics/latency.ts';
import type { JudgeMetric } from './metrics/metric-context.ts';
import { judgeRefused } from './metrics/refused.ts';
import { judgeSampleRatio } from './metrics/sample-ratio.ts';
import { judgeScores } from './metrics/scores.ts';
import { summarize } from './summarize.ts';

/** What the judge goes by: the release of a model's definition and whether it classifies. A `Model` is one. */
export interface JudgedModel {
  readonly release: ReleasePolicy;
  readonly task: Task;
}

/** What the judge finds; with model, sides and times it becomes a `Judgement`. */
export interface CanaryVerdict {
  readonly verdict: Judgement['verdict'];
  /** One sentence or a few: which metric decided, or what is still missing. */
  readonly reason: string;
  readonly metrics: MetricJudgement[];
}

/**
 * Each metric and its part of the release's alpha. They sum to 1, so that all together err within alpha, however they depend on each other. Alpha is split rather
 * than e-values averaged, so that each metric has an interval of its own and it is plain which one failed. Errors have half of it: they are
 * rare and a little more of them matters, while a canary that scores or answers wrongly shows it at once.
 */
const metricRows: readonly { metric: JudgedMetric; part: number; judge: JudgeMetric }[] = [
  { metric: JudgedMetric.errors, part: 0.5, judge: judgeErrors },
  { metric: JudgedMetric.latency, part: 0.15, judge: judgeLatency },
  { metric: JudgedMetric.scores, part: 0.1, judge: judgeScores },
  { metric: JudgedMetric.fallback, part: 0.15, judge: judgeFallback },
  { metric: JudgedMetric.agreement, part: 0.1, judge: judgeAgreement },
  // These hold a canary up but never fail it: they need no part.
  { metric: JudgedMetric.refused, part: 0, judge: judgeRefused },
  { metric: JudgedMetric.sampleRatio, part: 0, judge: judgeSampleRatio },
];

/**
 * Judges a canary by everything counted since its share of the replicas was reached. A pure function that holds at every look: it may be asked as
 * often as one likes, by different processes, in any order. Each share has an equal part of alpha, so that it holds for the canary as a whole; what
 * is counted over several shares is held to no more, but compares times of day as well as sides. Fails when a metric is worse than its margin beyond doubt; passes when none is and each either excludes that or
 * has its planned sample; else it is inconclusive, as it is below the minimum sample, when requests are not spread by replicas, and for
 * evidence that is missing or contradicts itself. Never throws for evidence.
 */
export function judgeCanary({ release, task }: JudgedModel, evidence: CanaryEvidence): CanaryVerdict {
  const judgedSteps = Math.max(1, release.steps.filter((step) => step < 100).length);
  const alpha = release.alpha / judgedSteps;
  const metrics = metricRows.map(({ part, judge }) => judge({ release, task, evidence, alpha: part * alpha }));
  return summarize(metrics, evidence, release);
}
