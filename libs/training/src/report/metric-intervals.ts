import type { Task } from '@repo/contract/task';
import { aucDifference } from '@repo/stats/auc-difference';
import { logLossByRow } from '@repo/stats/log-loss';
import { meanDifference } from '@repo/stats/mean-difference';
import { type BootstrapInterval, type PairedStatistic, pairedBootstrap } from '@repo/stats/paired-bootstrap';
import { dayOf } from '../evaluate.ts';

type Column = ArrayLike<number>;

/** Lower and upper end. */
export type Interval = readonly [lower: number, upper: number];

const errorsBy = (labels: Column, answers: Column, loss: (error: number) => number) =>
  Float64Array.from({ length: labels.length }, (_, row) => loss((answers[row] as number) - (labels[row] as number)));

/**
 * 95 % percentile intervals of test metrics by name, days (UTC) resampled as a whole 1000 times: `logLoss`, `brier` and, where both classes
 * occur, `auc`; for a regression `mae` and `rmse`. Metrics that are no means of rows (ECE, R²) have none.
 */
export function metricIntervals(
  task: Task,
  labels: Column,
  answers: Column,
  timesUs: ArrayLike<number>,
): Record<string, Interval> {
  const clusters = Int32Array.from(timesUs, dayOf);
  const nothing = new Float64Array(labels.length);
  const resampled = (statistic: PairedStatistic): BootstrapInterval =>
    pairedBootstrap({ clusters, replicates: 1000, seed: 1, level: 0.95 }, statistic);
  const ends = ({ lower, upper }: BootstrapInterval, map = (x: number) => x): Interval => [map(lower), map(upper)];
  const ofMean = (losses: Float64Array, map?: (x: number) => number) =>
    ends(resampled(meanDifference(losses, nothing)), map);
  const squares = errorsBy(labels, answers, (error) => error ** 2);
  if (task === 'regression')
    return { mae: ofMean(errorsBy(labels, answers, Math.abs)), rmse: ofMean(squares, Math.sqrt) };
  const intervals = { logLoss: ofMean(logLossByRow(labels, answers)), brier: ofMean(squares) };
  const isMixed = Array.prototype.some.call(labels, (label: number) => label !== labels[0]);
  if (!isMixed) return intervals;
  // Against scores that say nothing, whose AUC is one half.
  return { ...intervals, auc: ends(resampled(aucDifference(labels, answers, nothing)), (x) => x + 0.5) };
}
