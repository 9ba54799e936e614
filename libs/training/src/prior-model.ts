import { baseScore } from './objective.ts';
import type { Objective, PriorModel } from './prediction-model.ts';
import type { TrainingMatrix } from './training-matrix.ts';

/** The model that knows only the training labels: their log-odds, or their mean. */
export function fitPrior(train: TrainingMatrix, objective: Objective): PriorModel {
  return { kind: 'prior', objective, featureNames: train.featureNames, base: baseScore(objective, train.labels) };
}
