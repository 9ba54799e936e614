import type { Task } from '@repo/contract/task';
import type { FeatureTables } from './feature-table.ts';
import { fitLinearModel } from './linear-model.ts';
import type { PredictionModel } from './prediction-model.ts';
import { fitPrior } from './prior-model.ts';
import { scoreRaw } from './score.ts';

/** Answers of the simple models on the test rows, by name: what any model has to beat. */
export type Baselines = Record<'prior' | 'linear', Float64Array>;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** Fits the prior and a linear model (logistic for binary, ridge otherwise) on the training split and answers the test split. */
export function baselines(task: Task, { train, test }: FeatureTables): Baselines {
  const answer = (model: PredictionModel) => {
    const raw = scoreRaw(model, test.matrix.columns, test.matrix.rows);
    return Float64Array.from(raw, (x) => (task === 'binary' ? sigmoid(x) : x));
  };
  return {
    prior: answer(fitPrior(train.matrix, task)),
    linear: answer(fitLinearModel(train.matrix, { objective: task })),
  };
}
