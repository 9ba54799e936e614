import { type Column, checkLabels, checkProbabilities, checkRows, refusal } from './column.ts';
import { fitLogisticLine, type LogisticLine, type Symmetric, sigmoid } from './logistic-line.ts';

/** Log-odds are cut off here: no probability counts as surer than one in a million. */
const SUREST = Math.log(1e6 - 1);

/** The line that turns the log-odds that a model states into those that its rows show. */
export interface CalibrationLine {
  /** 1 is calibrated; below 1 the probabilities are too extreme, above 1 too timid. */
  readonly slope: number;
  /** The log-odds of rows of stated probability 1/2; 0 is calibrated. */
  readonly intercept: number;
  readonly slopeStandardError: number;
  readonly interceptStandardError: number;
}

/**
 * Fits the labels by logistic regression on the log-odds of `probabilities`, which are first cut off at 1e-6 and 1 -
 * 1e-6, so that 0 and 1 are allowed. Without `clusters`, rows are taken as independent; with them, one whole number per
 * row, the standard errors allow for rows of a cluster that err together, and want some 30 clusters.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1, a probability outside [0, 1],
 * there are fewer than 2 clusters, or no line is best: a class is absent, one probability for all rows, or one that
 * splits the classes.
 * Sources: D. Cox, Biometrika 45 (1958); clusters: K. Liang, S. Zeger, Biometrika 73 (1986).
 */
export function calibrationSlope(labels: Column, probabilities: Column, clusters?: Column): CalibrationLine {
  checkRows({ labels, probabilities, ...(clusters && { clusters }) });
  checkLabels('labels', labels);
  checkProbabilities('probabilities', probabilities);
  const logOdds = Float64Array.from(probabilities, (probability) =>
    Math.min(SUREST, Math.max(-SUREST, Math.log(probability) - Math.log1p(-probability))),
  );
  checkOverlap(labels, logOdds);
  const line = fitLogisticLine(labels, logOdds, { intercept: 0, slope: 1 });
  const covariance = clusters ? clusteredCovariance(line, labels, logOdds, clusters) : line.covariance;
  return {
    slope: line.slope,
    intercept: line.intercept,
    slopeStandardError: Math.sqrt(covariance.slopes),
    interceptStandardError: Math.sqrt(covariance.intercepts),
  };
}

/** What the clusters' gradients show, between two covariances of independent rows; a little larger for few clusters. */
function clusteredCovariance(
  { intercept, slope, covariance }: LogisticLine,
  labels: Column,
  logOdds: Float64Array,
  clusters: Column,
): Pick<Symmetric, 'intercepts' | 'slopes'> {
  const gradients = new Map<number, { byIntercept: number; bySlope: number }>();
  for (let row = 0; row < logOdds.length; row++) {
    const value = logOdds[row] as number;
    const residual = (labels[row] as number) - sigmoid(intercept + slope * value);
    const sum = gradients.get(clusters[row] as number) ?? { byIntercept: 0, bySlope: 0 };
    gradients.set(clusters[row] as number, sum);
    sum.byIntercept += residual;
    sum.bySlope += residual * value;
  }
  const count = gradients.size;
  if (count < 2) throw refusal('clusters', '1 cluster', 'at least 2', 'choose smaller clusters, or pass none');
  let intercepts = 0;
  let slopes = 0;
  for (const { byIntercept, bySlope } of gradients.values()) {
    intercepts += (covariance.intercepts * byIntercept + covariance.mixed * bySlope) ** 2;
    slopes += (covariance.mixed * byIntercept + covariance.slopes * bySlope) ** 2;
  }
  const correction = (count / (count - 1)) * ((logOdds.length - 1) / (logOdds.length - 2));
  return { intercepts: intercepts * correction, slopes: slopes * correction };
}

/** A line is best when each class has a row among the values of the other, and not only at their edge. */
function checkOverlap(labels: Column, logOdds: Float64Array): void {
  const least = [Infinity, Infinity];
  const most = [-Infinity, -Infinity];
  logOdds.forEach((value, row) => {
    const label = labels[row] as 0 | 1;
    least[label] = Math.min(value, least[label] as number);
    most[label] = Math.max(value, most[label] as number);
  });
  const [least0, least1] = least as [number, number];
  const [most0, most1] = most as [number, number];
  if (least0 < most1 && least1 < most0) return;
  const received = 'a class that is absent, or probabilities that split the classes or are all the same';
  throw refusal('labels', received, 'classes whose probabilities overlap', 'widen the selection, or report no slope');
}
