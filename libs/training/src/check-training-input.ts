import { InputError, type Problem, show } from '@repo/contract/input-error';
import type { Objective } from './prediction-model.ts';
import type { TrainingMatrix } from './training-matrix.ts';

/** Throws InputError when labels do not suit the objective or the validation rows have other features. */
export function checkTrainingInput(
  train: TrainingMatrix,
  valid: TrainingMatrix | undefined,
  objective: Objective,
): void {
  const problems: Problem[] = [];
  if (train.columns.length === 0)
    problems.push({
      path: 'columns',
      received: 'none',
      allowed: 'at least one feature',
      action: 'select a feature view',
    });
  for (const [path, matrix] of [['train', train] as const, ...(valid ? [['valid', valid] as const] : [])]) {
    const at = objective === 'binary' ? matrix.labels.findIndex((label) => label !== 0 && label !== 1) : -1;
    if (at >= 0)
      problems.push({
        path: `${path}.labels`,
        received: `${show(matrix.labels[at])} in row ${at}`,
        allowed: '0 or 1',
        action: 'choose a binary label column, or the objective regression',
      });
  }
  if (valid && valid.featureNames.join() !== train.featureNames.join())
    problems.push({
      path: 'valid.featureNames',
      received: show(valid.featureNames),
      allowed: show(train.featureNames),
      action: 'build both matrices from the same contract',
    });
  if (problems.length > 0) throw new InputError(problems);
}
