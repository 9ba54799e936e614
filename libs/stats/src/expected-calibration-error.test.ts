import { expect, test } from 'vitest';
import { debiasedCalibrationError, expectedCalibrationError } from './expected-calibration-error.ts';
import { expectClose, goldens } from './fixtures/goldens.ts';
import { createRandom } from './random.ts';

/** Rows whose label is 1 with the predicted probability plus `shift`. */
function simulate(rows: number, shift: number, seed: number) {
  const random = createRandom(seed);
  const probabilities = Array.from({ length: rows }, () => 0.1 + 0.7 * random.next());
  return { probabilities, labels: probabilities.map((probability) => (random.next() < probability + shift ? 1 : 0)) };
}

test('both agree with their definitions computed by SciPy', () => {
  const { labels, probabilities } = goldens.columns;
  expectClose(expectedCalibrationError(labels, probabilities), goldens.calibration.expected);
  expectClose(debiasedCalibrationError(labels, probabilities), goldens.calibration.debiased);
});

test('a shift of every probability is found at its size', () => {
  const { labels, probabilities } = simulate(40_000, 0.1, 1);
  expect(expectedCalibrationError(labels, probabilities)).toBeCloseTo(0.1, 2);
  expect(debiasedCalibrationError(labels, probabilities)).toBeCloseTo(0.1, 2);
});

test('on calibrated predictions the plain error shows the noise, the debiased one about 0.6 of it', () => {
  const runs = Array.from({ length: 50 }, (_, seed) => simulate(1500, 0, seed));
  const average = (metric: typeof expectedCalibrationError) =>
    runs.reduce((sum, { labels, probabilities }) => sum + metric(labels, probabilities), 0) / runs.length;
  expect(average(expectedCalibrationError)).toBeGreaterThan(0.03);
  const share = average(debiasedCalibrationError) / average(expectedCalibrationError);
  expect(share).toBeGreaterThan(0.5);
  expect(share).toBeLessThan(0.7);
});

test('bins of one class leave no noise to subtract', () => {
  expect(debiasedCalibrationError([0, 1], [0.25, 0.75])).toBe(0.25);
});
