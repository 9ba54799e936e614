import { healthyArm, shiftedScores, slowedLatency } from '@repo/experiments/fixtures/arm-truth';
import type { SimulatedStep } from '@repo/experiments/fixtures/simulate-canary';

/** A canary that is worse in one metric, by a known amount. */
export interface Worsened {
  metric: 'errors' | 'latency' | 'scores' | 'fallback' | 'agreement';
  /** What is true of stable and canary, such as `0.5 % -> 1 %`. */
  truth: string;
  /** Requests of each side by the last look. */
  horizon: number;
  canary: Partial<SimulatedStep['canary']>;
  disagree?: number;
}

const percent = (share: number): string => `${Number((100 * share).toPrecision(3))} %`;

const errors = (share: number, horizon: number): Worsened => ({
  metric: 'errors',
  truth: `${percent(healthyArm.errors)} -> ${percent(share)}`,
  horizon,
  canary: { errors: share },
});
const latency = (share: number, horizon: number): Worsened => ({
  metric: 'latency',
  truth: `1 % -> ${percent(share)}`,
  horizon,
  canary: { latency: slowedLatency(share) },
});
const scores = (distance: number, horizon: number): Worsened => ({
  metric: 'scores',
  truth: `0 -> ${distance}`,
  horizon,
  canary: { scores: shiftedScores(distance) },
});
const fallback = (share: number, horizon: number): Worsened => ({
  metric: 'fallback',
  truth: `${percent(healthyArm.fallbacks)} -> ${percent(share)}`,
  horizon,
  canary: { fallbacks: share },
});
const agreement = (share: number, horizon: number): Worsened => ({
  metric: 'agreement',
  truth: `0 % -> ${percent(share)}`,
  horizon,
  canary: {},
  disagree: share,
});

/** What the judge is measured on. The horizons are round numbers a little beyond what it takes. */
export const worsened: readonly Worsened[] = [
  errors(0.0075, 60_000),
  errors(0.01, 40_000),
  errors(0.02, 8000),
  errors(0.05, 2000),
  errors(0.2, 1000),
  latency(0.03, 20_000),
  latency(0.05, 6000),
  latency(0.1, 3000),
  latency(0.5, 1000),
  scores(0.2, 10_000),
  scores(0.3, 3000),
  scores(0.5, 1000),
  fallback(0.02, 40_000),
  fallback(0.03, 15_000),
  fallback(0.05, 4000),
  fallback(0.2, 1000),
  agreement(0.03, 3000),
  agreement(0.05, 1000),
  agreement(0.2, 1000),
];

/** The canary of a row, at half of the replicas, looked at 100 times. */
export const stepOf = ({ canary, disagree = 0, horizon }: Worsened): SimulatedStep => ({
  stable: healthyArm,
  canary: { ...healthyArm, ...canary },
  disagree,
  canaryShare: 0.5,
  requestsPerLook: (2 * horizon) / 100,
  looks: 100,
});
