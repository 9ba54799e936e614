import { type GateMetric, metricDirection } from '@repo/contract/gate-policy';
import { Outcome } from '@repo/contract/gate-report';
import type { Task } from '@repo/contract/task';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import { combinedStatistic } from '@repo/stats/combined-statistic';
import { byDay } from './by-day.ts';
import { metricStatistic } from './metric-statistic.ts';

type Column = ArrayLike<number>;

/** What decides between two models. */
export interface ChampionPolicy {
  task: Task;
  metric: GateMetric;
  /** How much worse the candidate may be, in the metric's unit. Null: 0.005, for a regression 1 % of the champion's metric. */
  margin: number | null;
}

/** What the comparison came to. */
export interface ChampionJudgement {
  metric: GateMetric;
  candidate: number;
  champion: number;
  /** Positive: the candidate is better. Lower and upper are one-sided bounds of 95 % each. */
  gain: { estimate: number; lower: number; upper: number; margin: number };
  outcome: Outcome;
}

function outcomeOf({ lower, upper, margin }: ChampionJudgement['gain']): Outcome {
  if (![lower, upper, margin].every(Number.isFinite) || upper < -margin) return Outcome.fail;
  if (lower <= -margin) return Outcome.inconclusive;
  return upper < 0 ? Outcome.warn : Outcome.pass;
}

/**
 * Compares two models on the same rows by one metric, days resampled as a whole: passes when even the lower bound of the gain is better than
 * -margin, fails when even the upper bound is worse, and cannot tell otherwise. A pass is a warning where the candidate is certainly worse,
 * though within the margin. Pure, and quick where the metric is a mean over rows, so that its power can be simulated.
 * Throws RangeError for columns of different lengths, answers that the metric cannot take, rows of one class (AUC) or of one day.
 */
export function judgeChampion(
  labels: Column,
  candidateAnswers: Column,
  championAnswers: Column,
  days: Column,
  { task, metric, margin }: ChampionPolicy,
): ChampionJudgement {
  const ours = metricStatistic(metric, labels, candidateAnswers);
  const theirs = metricStatistic(metric, labels, championAnswers);
  const better = metricDirection[metric] === 'higher' ? 1 : -1;
  const found = bootstrapMany(byDay(days), {
    gain: combinedStatistic(ours, theirs, (a, b) => (better === 1 ? a - b : b - a)),
    champion: theirs,
  });
  const champion = found.champion.estimate;
  const { estimate, oneSidedLower: lower, oneSidedUpper: upper } = found.gain;
  const allowed = margin ?? (task === 'binary' ? 0.005 : 0.01 * Math.abs(champion));
  const gain = { estimate, lower, upper, margin: allowed };
  return { metric, candidate: champion + better * estimate, champion, gain, outcome: outcomeOf(gain) };
}
