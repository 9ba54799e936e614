import type { Task } from '@repo/contract/task';
import { auc } from '@repo/stats/auc';
import { brier } from '@repo/stats/brier';
import { expectedCalibrationError } from '@repo/stats/expected-calibration-error';
import { logLoss, logLossByRow } from '@repo/stats/log-loss';
import { meanDifference } from '@repo/stats/mean-difference';
import { type BootstrapInterval, pairedBootstrap } from '@repo/stats/paired-bootstrap';
import { meanAbsoluteError, meanSquaredError, rSquared } from '@repo/stats/regression-metrics';

type Column = ArrayLike<number>;

/** Metrics of answers against labels by name; a metric that the rows leave undefined (one class only) is null. */
export type Metrics = Record<string, number | null>;

const bothClasses = (labels: Column) =>
  Array.prototype.includes.call(labels, 0) && Array.prototype.includes.call(labels, 1);

/** Log-loss (nats), AUC, Brier score and ECE (15 equal-mass bins) for binary; root mean squared error, mean absolute error and R² otherwise. */
export function evaluate(task: Task, labels: Column, answers: Column): Metrics {
  if (task === 'binary') {
    return {
      logLoss: logLoss(labels, answers),
      auc: bothClasses(labels) ? auc(labels, answers) : null,
      brier: brier(labels, answers),
      ece: expectedCalibrationError(labels, answers),
    };
  }
  const varies = Array.prototype.some.call(labels, (y: number) => y !== labels[0]);
  return {
    rmse: Math.sqrt(meanSquaredError(labels, answers)),
    mae: meanAbsoluteError(labels, answers),
    r2: varies ? rSquared(labels, answers) : null,
  };
}

/** The loss of each row that comparisons are made on: log-loss in nats, or the absolute error. */
function lossByRow(task: Task, labels: Column, answers: Column): Float64Array {
  if (task === 'binary') return logLossByRow(labels, answers);
  return Float64Array.from({ length: labels.length }, (_, i) =>
    Math.abs((labels[i] as number) - (answers[i] as number)),
  );
}

/** The UTC day of an instant in microseconds, in days since 1970. */
export const dayOf = (timeUs: number): number => Math.floor(timeUs / 86_400e6);

/**
 * How much smaller the loss of `answers` is than that of `others`, on the same rows: a 95 % percentile interval of the mean difference,
 * days (UTC, from `times` in microseconds) resampled as a whole 1000 times, because rows of one day are not independent.
 * Positive means better than the others. Throws RangeError when all rows are of one day.
 */
export function gainOver(
  task: Task,
  labels: Column,
  answers: Column,
  others: Column,
  times: ArrayLike<number>,
): BootstrapInterval {
  const clusters = Int32Array.from(times, dayOf);
  const statistic = meanDifference(lossByRow(task, labels, others), lossByRow(task, labels, answers));
  return pairedBootstrap({ clusters, replicates: 1000, seed: 1, level: 0.95 }, statistic);
}
