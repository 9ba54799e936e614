import type { Objective } from './prediction-model.ts';

/** Probability of label 1 at a raw score (log-odds). */
export const sigmoid = (raw: number): number => 1 / (1 + Math.exp(-raw));

/** Smallest probability that counts in a loss, so that a certain and wrong prediction stays finite. */
export const leastProbability = 1e-15;

/** First derivative of the loss by the raw score: log-loss for `binary`, half the squared error for `regression`. */
export const gradient = (objective: Objective, raw: number, label: number): number =>
  (objective === 'binary' ? sigmoid(raw) : raw) - label;

/** Second derivative of the loss by the raw score. */
export function hessian(objective: Objective, raw: number): number {
  if (objective === 'regression') return 1;
  const probability = sigmoid(raw);
  return probability * (1 - probability);
}

/** Loss of one row: log-loss, or half the squared error. */
export function rowLoss(objective: Objective, raw: number, label: number): number {
  if (objective === 'regression') return 0.5 * (raw - label) ** 2;
  const probability = sigmoid(raw);
  return -Math.log(Math.max(label === 1 ? probability : 1 - probability, leastProbability));
}

/** Loss that people read, from the mean row loss: log-loss, or the root of the mean squared error. */
export const reportedLoss = (objective: Objective, mean: number): number =>
  objective === 'binary' ? mean : Math.sqrt(2 * mean);

/** The constant raw score with the least loss, as float32: log-odds of the label mean (kept off 0 and 1 by one pseudo-row), or the mean. */
export function baseScore(objective: Objective, labels: Float32Array): number {
  const sum = labels.reduce((total, label) => total + label, 0);
  if (objective === 'regression') return Math.fround(sum / labels.length);
  const mean = Math.min(Math.max(sum, 0.5), labels.length - 0.5) / labels.length;
  return Math.fround(Math.log(mean / (1 - mean)));
}
