import { expect, test } from 'vitest';
import { auc } from './auc.ts';
import { aucDifference } from './auc-difference.ts';
import { brier } from './brier.ts';
import { calibrationBins } from './calibration-bins.ts';
import { delong } from './delong.ts';
import { debiasedCalibrationError, expectedCalibrationError } from './expected-calibration-error.ts';
import { logLoss, logLossByRow } from './log-loss.ts';
import { meanDifference } from './mean-difference.ts';
import { pairedBootstrap } from './paired-bootstrap.ts';
import { meanAbsoluteError, meanSquaredError, rSquared } from './regression-metrics.ts';
import { rocCurve } from './roc-curve.ts';

type Columns = readonly number[];

const CLUSTERS = [1, 1, 2, 2];
const bootstrap = (clusters: Columns) => ({ clusters, replicates: 100, seed: 1, level: 0.9 });

/** Every function that takes two columns of rows, by the kind of its first and second column. */
const labelsAndScores = {
  auc,
  rocCurve: (labels: Columns, scores: Columns) => rocCurve(labels, scores, 10),
};
const labelsAndProbabilities = {
  logLoss,
  logLossByRow,
  brier,
  calibrationBins,
  expectedCalibrationError,
  debiasedCalibrationError,
};
const targetsAndPredictions = { meanSquaredError, meanAbsoluteError, rSquared };
const labelsAndTwoScores = {
  delong,
  aucDifference: (labels: Columns, scoresA: Columns, scoresB: Columns) =>
    pairedBootstrap(bootstrap(CLUSTERS), aucDifference(labels, scoresA, scoresB)),
};

const entriesOf = <Value>(record: Record<string, Value>) => Object.entries(record);
const refuses = (call: () => unknown, message: string) => expect(call).toThrow(new RangeError(message));

const LABEL_ACTION = 'encode the negative class as 0 and the positive class as 1, and drop rows without a label';
const SHAPE_ACTION = 'pass columns of the same rows in the same order';
const EMPTY = '0 rows; allowed: at least 1 row; do this: check the filter that selected the rows.';

test.each(entriesOf(labelsAndScores))('%s refuses bad columns by name, row and remedy', (_name, metric) => {
  refuses(() => metric([], []), `labels: received ${EMPTY}`);
  refuses(
    () => metric([0, 1], [0]),
    `scores: received 1 rows; allowed: 2 rows, as many as labels; do this: ${SHAPE_ACTION}.`,
  );
  refuses(() => metric([0, 2], [0, 1]), `labels[1]: received 2; allowed: 0 or 1; do this: ${LABEL_ACTION}.`);
  refuses(() => metric([0, Number.NaN], [0, 1]), `labels[1]: received NaN; allowed: 0 or 1; do this: ${LABEL_ACTION}.`);
  refuses(
    () => metric([0, 1], [Number.NaN, 1]),
    'scores[0]: received NaN; allowed: any number but NaN; do this: score the row or drop it from every column.',
  );
});

test.each(entriesOf(labelsAndScores))('%s refuses rows of one class', (_name, metric) => {
  const rest = 'allowed: rows of both classes; do this: widen the selection, or report no AUC for this slice.';
  refuses(() => metric([0, 0], [0, 1]), `labels: received only 0; ${rest}`);
  refuses(() => metric([1, 1], [0, 1]), `labels: received only 1; ${rest}`);
});

test.each(entriesOf(labelsAndTwoScores))('%s refuses bad columns by name, row and remedy', (_name, compare) => {
  const labels = [0, 1, 0, 1];
  const scores = [0.1, 0.9, 0.3, 0.7];
  expect(() => compare(labels, scores, [0.2, 0.4, 0.3, 0.1])).not.toThrow();
  expect(() => compare(labels, scores, [1, 2, 3])).toThrow(/^scoresB: received 3 rows; allowed: 4 rows, as many as /);
  expect(() => compare(labels, scores, [1, 2, Number.NaN, 4])).toThrow(
    /^scoresB\[2\]: received NaN; allowed: any number/,
  );
  expect(() => compare(labels, [Number.NaN, 1, 2, 3], scores)).toThrow(
    /^scoresA\[0\]: received NaN; allowed: any number/,
  );
  expect(() => compare([0, 1, 0, -1], scores, scores)).toThrow(
    /^labels\[3\]: received -1; allowed: 0 or 1; do this: enc/,
  );
  expect(() => compare([1, 1, 1, 1], scores, scores)).toThrow(
    /^labels: received only 1; allowed: rows of both classes/,
  );
});

test.each(entriesOf(labelsAndProbabilities))('%s refuses bad columns by name, row and remedy', (_name, metric) => {
  refuses(() => metric([], []), `labels: received ${EMPTY}`);
  refuses(
    () => metric([0, 1], [0, 1, 1]),
    `probabilities: received 3 rows; allowed: 2 rows, as many as labels; do this: ${SHAPE_ACTION}.`,
  );
  refuses(() => metric([0.5, 1], [0, 1]), `labels[0]: received 0.5; allowed: 0 or 1; do this: ${LABEL_ACTION}.`);
  for (const probability of [-0.1, 1.1, Infinity, Number.NaN])
    refuses(
      () => metric([0, 1], [0, probability]),
      `probabilities[1]: received ${probability}; allowed: a probability from 0 to 1; ` +
        'do this: apply the sigmoid to raw scores, and drop rows without a score.',
    );
});

test.each(entriesOf(targetsAndPredictions))('%s refuses bad columns by name, row and remedy', (_name, metric) => {
  refuses(() => metric([], []), `targets: received ${EMPTY}`);
  refuses(
    () => metric([1, 2], [1]),
    `predictions: received 1 rows; allowed: 2 rows, as many as targets; do this: ${SHAPE_ACTION}.`,
  );
  const rest = 'allowed: a finite number; do this: drop the row from every column or repair it.';
  refuses(() => metric([1, Number.NaN], [1, 2]), `targets[1]: received NaN; ${rest}`);
  refuses(() => metric([1, 2], [Infinity, 2]), `predictions[0]: received Infinity; ${rest}`);
});

test('meanDifference refuses losses that do not match the clusters or are not finite', () => {
  const compare = (lossesA: Columns, lossesB: Columns) =>
    pairedBootstrap(bootstrap(CLUSTERS), meanDifference(lossesA, lossesB));
  expect(() => compare([1, 2, 3], [1, 2, 3])).toThrow(
    /^lossesA: received 3 rows; allowed: 4 rows, as many as clusters/,
  );
  expect(() => compare([1, 2, 3, 4], [1, 2, 3])).toThrow(
    /^lossesB: received 3 rows; allowed: 4 rows, as many as clusters/,
  );
  expect(() => compare([1, 2, Infinity, 4], [1, 2, 3, 4])).toThrow(
    /^lossesA\[2\]: received Infinity; allowed: a finite/,
  );
  expect(() => compare([1, 2, 3, 4], [1, Number.NaN, 3, 4])).toThrow(/^lossesB\[1\]: received NaN; allowed: a finite/);
});

test('every kind of array is taken as a column', () => {
  const labels = [0, 1, 1, 0];
  const scores = [0.25, 0.5, 0.75, 0.5];
  for (const labelColumn of [labels, Uint8Array.from(labels), Int32Array.from(labels), Float32Array.from(labels)])
    for (const scoreColumn of [scores, Float32Array.from(scores), Float64Array.from(scores)])
      expect(auc(labelColumn, scoreColumn)).toBe(0.875);
});
