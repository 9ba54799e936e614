import type { GateMetric } from '@repo/contract/gate-policy';
import { aucOf } from '@repo/stats/auc-of';
import { calibrationErrorOf } from '@repo/stats/calibration-error-of';
import { combinedStatistic } from '@repo/stats/combined-statistic';
import { logLossByRow } from '@repo/stats/log-loss';
import { meanOf } from '@repo/stats/mean-of';
import type { PairedStatistic } from '@repo/stats/paired-bootstrap';
import { prAucOf } from '@repo/stats/pr-auc-of';

type Column = ArrayLike<number>;

const errors = (labels: Column, answers: Column) =>
  Float64Array.from({ length: labels.length }, (_, row) => (labels[row] as number) - (answers[row] as number));

const meanSquareOf = (values: Float64Array) => meanOf(values.map((value) => value * value));

/** 1 - squared error / variance of the labels, which are shifted by their mean so that no digits are lost. */
function rSquaredOf(labels: Column, answers: Column): PairedStatistic {
  const known = Float64Array.from(labels);
  const mean = known.reduce((sum, label) => sum + label, 0) / known.length;
  const centred = known.map((label) => label - mean);
  const variance = combinedStatistic(meanSquareOf(centred), meanOf(centred), (squares, shift) => squares - shift ** 2);
  return combinedStatistic(meanSquareOf(errors(labels, answers)), variance, (loss, all) => 1 - loss / all);
}

const statistics: Record<GateMetric, (labels: Column, answers: Column) => PairedStatistic> = {
  logLoss: (labels, answers) => meanOf(logLossByRow(labels, answers)),
  brier: (labels, answers) => meanSquareOf(errors(labels, answers)),
  auc: aucOf,
  prAuc: prAucOf,
  ece: calibrationErrorOf,
  mae: (labels, answers) => meanOf(errors(labels, answers).map(Math.abs)),
  rmse: (labels, answers) => {
    const squares = meanSquareOf(errors(labels, answers));
    return combinedStatistic(squares, squares, Math.sqrt);
  },
  r2: rSquaredOf,
};

/**
 * A metric of answers as a statistic that rows can be resampled for. The calibration error is the debiased one.
 * Throws RangeError (from the bootstrap) where the rows leave the metric undefined, such as the AUC of one class.
 */
export const metricStatistic = (metric: GateMetric, labels: Column, answers: Column): PairedStatistic =>
  statistics[metric](labels, answers);
