import { checkTrainingInput } from './check-training-input.ts';
import { baseScore, gradient, hessian } from './objective.ts';
import type { LinearModel, Objective } from './prediction-model.ts';
import { solvePositiveDefinite } from './solve.ts';
import type { TrainingMatrix } from './training-matrix.ts';

/** Settings of a linear fit. */
export interface LinearOptions {
  objective: Objective;
  /** Penalty on squared weights of standardised features, against the sum of row losses. Default 1. */
  l2?: number;
}

/** Newton steps for log-loss; six are usual, the quadratic loss needs one. */
const mostSteps = 25;

interface Standard {
  mean: number[];
  deviation: number[];
  /** Features with a missing value in training; each gets an indicator. */
  withMissing: number[];
}

/**
 * Fits logistic (binary) or ridge (regression) regression by Newton's method on standardised features.
 * A missing value counts as the mean, plus a weight of its own. Cost: rows x features^2 per step. Throws InputError as the other learners do.
 */
export function fitLinearModel(train: TrainingMatrix, options: LinearOptions): LinearModel {
  const { objective, l2 = 1 } = options;
  checkTrainingInput(train, undefined, objective);
  const standard = standardise(train);
  const features = train.columns.length;
  const size = features + standard.withMissing.length + 1;
  let weights = new Float64Array(size);
  weights[size - 1] = baseScore(objective, train.labels);
  for (let step = 0; step < mostSteps; step++) {
    const move = newtonStep(train, standard, weights, objective, l2);
    weights = weights.map((weight, i) => weight - (move[i] as number));
    if (move.every((value) => Math.abs(value) < 1e-9)) break;
  }
  const missingWeight = new Array<number>(features).fill(0);
  standard.withMissing.forEach((feature, i) => {
    missingWeight[feature] = Math.fround(weights[features + i] as number);
  });
  return {
    kind: 'linear',
    objective,
    featureNames: train.featureNames,
    mean: standard.mean,
    deviation: standard.deviation,
    weight: Array.from(weights.subarray(0, features), Math.fround),
    missingWeight,
    intercept: Math.fround(weights[size - 1] as number),
  };
}

function standardise(train: TrainingMatrix): Standard {
  const standard: Standard = { mean: [], deviation: [], withMissing: [] };
  train.columns.forEach((column, feature) => {
    const known = column.filter((value) => !Number.isNaN(value));
    const mean = known.length === 0 ? 0 : known.reduce((sum, value) => sum + value, 0) / known.length;
    const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(known.length, 1);
    standard.mean.push(Math.fround(mean));
    // A constant column gets deviation 1: its standardised value is 0 everywhere.
    standard.deviation.push(Math.fround(Math.sqrt(variance)) || 1);
    if (known.length < column.length) standard.withMissing.push(feature);
  });
  return standard;
}

/** Inverse hessian times gradient of the penalised loss at `weights`; the intercept is not penalised. */
function newtonStep(
  train: TrainingMatrix,
  standard: Standard,
  weights: Float64Array,
  objective: Objective,
  l2: number,
): Float64Array {
  const size = weights.length;
  const slope = weights.map((weight, i) => (i === size - 1 ? 0 : l2 * weight));
  const curvature = new Float64Array(size * size);
  const x = new Float64Array(size);
  for (let row = 0; row < train.rows; row++) {
    fillRow(train, standard, row, x);
    let raw = 0;
    for (let i = 0; i < size; i++) raw += (x[i] as number) * (weights[i] as number);
    const g = gradient(objective, raw, train.labels[row] as number);
    const h = hessian(objective, raw);
    for (let i = 0; i < size; i++) {
      const own = x[i] as number;
      if (own === 0) continue;
      slope[i] = (slope[i] as number) + g * own;
      for (let j = 0, at = i * size; j <= i; j++, at++)
        curvature[at] = (curvature[at] as number) + h * own * (x[j] as number);
    }
  }
  // The tiny share keeps the intercept's pivot positive when every hessian vanishes.
  for (let i = 0; i < size; i++)
    curvature[i * (size + 1)] = (curvature[i * (size + 1)] as number) + (i === size - 1 ? 1e-9 : l2 + 1e-9);
  return solvePositiveDefinite(curvature, slope);
}

function fillRow(train: TrainingMatrix, standard: Standard, row: number, x: Float64Array): void {
  const features = train.columns.length;
  for (let i = 0; i < features; i++) {
    const value = train.columns[i]?.[row] as number;
    x[i] = Number.isNaN(value) ? 0 : (value - (standard.mean[i] as number)) / (standard.deviation[i] as number);
  }
  standard.withMissing.forEach((feature, i) => {
    x[features + i] = Number.isNaN(train.columns[feature]?.[row]) ? 1 : 0;
  });
  x[x.length - 1] = 1;
}
