import type { GateMetric } from '@repo/contract/gate-policy';
import type { Task } from '@repo/contract/task';
import { logLossByRow } from '@repo/stats/log-loss';

type Column = ArrayLike<number>;

/** A loss that adds up over rows, so that groups of rows can be compared by it. */
export interface RowLoss {
  name: 'log-loss' | 'squared error' | 'absolute error';
  /** Loss of each row, in nats or in the (squared) unit of the label. */
  byRow(labels: Column, answers: Column): Float64Array;
  /** The one answer to all rows that has the least loss on these labels: what their own prior says. */
  prior(labels: Column): number;
}

const each = (labels: Column, answers: Column, loss: (error: number) => number) =>
  Float64Array.from({ length: labels.length }, (_, row) => loss((labels[row] as number) - (answers[row] as number)));

function mean(labels: Column): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row++) sum += labels[row] as number;
  return sum / labels.length;
}

function median(labels: Column): number {
  const sorted = Float64Array.from(labels).sort();
  const below = sorted[Math.floor((sorted.length - 1) / 2)] as number;
  return (below + (sorted[Math.ceil((sorted.length - 1) / 2)] as number)) / 2;
}

const logLoss: RowLoss = { name: 'log-loss', byRow: logLossByRow, prior: mean };
const squared: RowLoss = { name: 'squared error', byRow: (y, x) => each(y, x, (e) => e * e), prior: mean };
const absolute: RowLoss = { name: 'absolute error', byRow: (y, x) => each(y, x, Math.abs), prior: median };

/** The loss of rows that goes with a primary metric: its own where it is a mean over rows, else the task's. */
export function rowLossOf(task: Task, primary: GateMetric): RowLoss {
  if (task === 'binary') return primary === 'brier' ? squared : logLoss;
  return primary === 'mae' ? absolute : squared;
}
