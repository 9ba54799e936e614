import { expect, test } from 'vitest';
import { calibrationErrorOf } from './calibration-error-of.ts';
import { debiasedCalibrationError, expectedCalibrationError } from './expected-calibration-error.ts';
import { clusterOfRow, clusters, coverage, drawClustered, once } from './fixtures/clustered-rows.ts';
import { expectGoldenStatistic, goldens } from './fixtures/comparison-goldens.ts';
import { mean } from './mean.ts';
import { normalCdf } from './normal-distribution.ts';
import { createRandom, type Random } from './random.ts';

/** Labels whose clusters err together, and probabilities that are `gap` too high. */
function drawLabels(random: Random, gap: number) {
  const luck = drawClustered(random, 0.2);
  const truth = Array.from(luck, () => 0.1 + 0.6 * random.next());
  const labels = Array.from(luck, (value, row) => (normalCdf(value) < (truth[row] as number) ? 1 : 0));
  return [labels, truth.map((probability) => probability + gap)] as const;
}

test('it agrees with the definition in NumPy, of all rows and of a group', () => {
  const { labels, probabilities } = goldens.columns;
  expectGoldenStatistic('calibrationErrorOf', (among) => calibrationErrorOf(labels, probabilities, among));
});

test('of independent rows it is the debiased error', () => {
  const random = createRandom(3);
  const probabilities = Array.from({ length: 6000 }, random.next);
  const labels = probabilities.map((probability) => (random.next() < 0.7 * probability ? 1 : 0));
  const rows = { count: 6000, ofRow: Int32Array.from(labels.keys()) };
  const error = calibrationErrorOf(labels, probabilities)(rows)(new Float64Array(6000).fill(1));
  expect(Math.abs(error / debiasedCalibrationError(labels, probabilities) - 1)).toBeLessThan(1e-3);
});

test('of calibrated probabilities it keeps about 0.6 of the plain error, and no more than all of it in resamples', () => {
  const random = createRandom(5);
  const [plain, own, resampled]: [number[], number[], number[]] = [[], [], []];
  for (let run = 0; run < 100; run++) {
    const [labels, probabilities] = drawLabels(random, 0);
    const evaluate = calibrationErrorOf(labels, probabilities)(clusters);
    plain.push(expectedCalibrationError(labels, probabilities));
    own.push(evaluate(once));
    resampled.push(evaluate(once.map(random.poisson)));
  }
  expect(mean(own) / mean(plain)).toBeGreaterThan(0.5);
  expect(mean(own) / mean(plain)).toBeLessThan(0.7);
  expect(mean(resampled) / mean(plain)).toBeLessThan(1); // without a correction the noise of both would add up to 1.4
});

test('where gaps are larger than their noise a resample does not add to the error', () => {
  const random = createRandom(6);
  const differences = Array.from({ length: 100 }, () => {
    const evaluate = calibrationErrorOf(...drawLabels(random, 0.25))(clusters);
    return evaluate(once.map(random.poisson)) - evaluate(once);
  });
  expect(Math.abs(mean(differences))).toBeLessThan(0.01);
});

test('its interval covers a true error of 0.15 about as often as it says', () => {
  const covered = coverage(0.15, (random) => calibrationErrorOf(...drawLabels(random, 0.15)));
  expect(covered).toBeGreaterThan(0.9);
  expect(covered).toBeLessThan(0.98);
});

test('a bin that the resample leaves empty costs nothing', () => {
  const probabilities = Array.from(clusterOfRow, (cluster) => cluster / 40);
  const labels = probabilities.map((_, row) => row % 2);
  const evaluate = calibrationErrorOf(labels, probabilities)(clusters);
  expect(evaluate(once.map((_, cluster) => (cluster < 20 ? 1 : 0)))).toBeGreaterThan(0);
});

test('bad columns are refused by name', () => {
  const few = { count: 2, ofRow: Int32Array.of(0, 1) };
  expect(() => calibrationErrorOf([0], [0.5, 0.5])(few)).toThrow(/^labels: received 1 rows; allowed: 2 rows, as many/);
  expect(() => calibrationErrorOf([0, 3], [0.5, 0.5])(few)).toThrow(/^labels\[1\]: received 3; allowed: 0 or 1/);
  expect(() => calibrationErrorOf([0, 1], [0.5, 1.5])(few)).toThrow(/^probabilities\[1\]: received 1.5; allowed: a p/);
  expect(() => calibrationErrorOf([0, 1], [0.5, 1], [0, 0])(few)).toThrow(/^among: received no row of 1; allowed: at/);
});
