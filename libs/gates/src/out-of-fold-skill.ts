import { timeBlockedFolds } from '@repo/training/time-blocks';
import type { Evidence } from './evidence.ts';
import { primaryMetric } from './primary-metric.ts';
import { rowLossOf } from './row-loss.ts';

/** Blocks of time that our own trainer cuts the training rows into. */
const blocks = 5;

/**
 * Skill of the trainer's out-of-fold predictions of training rows, each by a model that saw earlier rows alone, over the own prior of these rows.
 * Null where the trainer says nothing of them: it is a regression, was trained elsewhere, or is decided on by another loss.
 */
export function outOfFoldSkill({ model, candidate, tables }: Evidence): number | null {
  const { trainer } = candidate.metrics;
  const loss = trainer[`outOfFoldLogLoss_${trainer.calibration}`];
  const rowLoss = rowLossOf(model.task, primaryMetric(model));
  if (typeof loss !== 'number' || rowLoss.name !== 'log-loss') return null;
  const { timesUs, matrix } = tables.train;
  const rows = timeBlockedFolds(timesUs, blocks).flatMap(({ test }) => [...test]);
  const labels = rows.map((row) => matrix.labels[row] as number);
  const prior = rowLoss.byRow(labels, new Float64Array(labels.length).fill(rowLoss.prior(labels)));
  return 1 - (loss * labels.length) / prior.reduce((sum, value) => sum + value, 0);
}
