import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { calibrate, fitPlatt } from './calibration.ts';
import { chooseCalibration } from './choose-calibration.ts';
import { fitIsotonic } from './isotonic.ts';

/** Scores, and labels drawn with the probability that `truth` gives. */
function draw(rows: number, seed: number, truth: (raw: number) => number) {
  const random = createRandom(seed);
  const raw = Float32Array.from({ length: rows }, () => 2 * random.normal());
  const labels = raw.map((score) => (random.next() < truth(score) ? 1 : 0));
  return { raw, labels, blocks: Array.from(raw, (_, row) => row % 4) };
}
const logistic = (x: number) => 1 / (1 + Math.exp(-x));

test('Platt scaling finds the slope and intercept that made the labels', () => {
  const { raw, labels } = draw(40_000, 1, (score) => logistic(0.6 * score - 1));
  const fitted = fitPlatt(raw, labels);
  if (fitted.method !== 'platt') throw new Error('not platt');
  expect(fitted.slope).toBeCloseTo(0.6, 1);
  expect(fitted.intercept).toBeCloseTo(-1, 1);
});

test('isotonic probabilities never fall, are continuous, and stay flat outside', () => {
  const { raw, labels } = draw(2000, 2, (score) => (score > 0 ? 0.8 : 0.2));
  const fitted = fitIsotonic(raw, labels);
  const at = Float32Array.from({ length: 4001 }, (_, i) => (i - 2000) / 200);
  const answers = calibrate(fitted, at);
  answers.slice(1).forEach((answer, i) => {
    expect(answer).toBeGreaterThanOrEqual(answers[i] as number);
  });
  if (fitted.method !== 'isotonic') throw new Error('not isotonic');
  expect([...calibrate(fitted, Float32Array.of(-100, 100))]).toEqual([
    fitted.probabilities[0],
    fitted.probabilities.at(-1),
  ]);
  fitted.scores.forEach((score, i) => {
    expect(calibrate(fitted, Float32Array.of(score))[0]).toBe(fitted.probabilities[i]);
  });
});

test.each([
  ['none', logistic],
  ['platt', (score: number) => logistic(0.4 * score - 1.5)],
  ['isotonic', (score: number) => (score < -1 ? 0.05 : score < 1.5 ? 0.5 : 0.6)],
] as const)('%s is chosen where it is the truth', (method, truth) => {
  const { raw, labels, blocks } = draw(4000, 3, truth);
  expect(chooseCalibration(raw, labels, blocks).calibration.method).toBe(method);
});

test('the losses are of rows that the candidate did not see, so noise does not choose isotonic', () => {
  const { raw, labels, blocks } = draw(120, 4, logistic);
  const { logLoss } = chooseCalibration(raw, labels, blocks);
  expect(logLoss.isotonic).toBeGreaterThan(logLoss.none);
});

test('one block of time is refused', () => {
  expect(() => chooseCalibration(Float32Array.of(1, 2), Float32Array.of(0, 1), [0, 0])).toThrow('at least 2 blocks');
});
