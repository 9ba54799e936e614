import type { ModelContract } from '@repo/contract/model-contract';
import type { GradientBoosting } from '@repo/contract/training';
import type { Calibration } from './calibration.ts';
import type { Candidate } from './candidate.ts';
import { chooseCalibration } from './choose-calibration.ts';
import { exportModel } from './export-model.ts';
import type { FeatureTable, FeatureTables } from './feature-table.ts';
import { fitGradientBoosting } from './gradient-boosting.ts';
import { maskViews } from './mask-views.ts';
import { requireParity } from './require-parity.ts';
import type { StepProgress } from './step-progress.ts';
import { outOfFoldBlocks, outOfFoldScores } from './time-blocks.ts';
import type { TrainingMatrix } from './training-matrix.ts';
import { viewColumns } from './view-columns.ts';

const threads = 2;

/** Fits on earlier blocks of the training split and predicts the next, then lets these scores choose the calibration. */
async function calibrationOf(
  table: FeatureTable,
  options: GradientBoosting,
  rounds: number,
  masked: (matrix: TrainingMatrix) => TrainingMatrix,
  progress: StepProgress,
) {
  let fold = 0;
  progress.start('calibrate', outOfFoldBlocks - 1);
  const scores = await outOfFoldScores(table.matrix, table.timesUs, outOfFoldBlocks, async (part) => {
    const fit = await fitGradientBoosting(masked(part), { ...options, objective: 'binary', rounds }, { threads });
    fold += 1;
    progress.update(fold);
    return fit.model;
  });
  return chooseCalibration(scores.raw, scores.labels, scores.blocks);
}

/**
 * Trains gradient boosting with early stopping on the validation split and, for a classification, calibrates it on time-blocked
 * out-of-fold predictions of the training split. Some training rows are masked (see {@link maskViews}), rows that are predicted never. Throws StageFailure when the exported graph does not score as the trainer does.
 */
export async function trainBoosting(
  options: GradientBoosting,
  contract: ModelContract,
  tables: FeatureTables,
  progress: StepProgress,
): Promise<Candidate> {
  const { task } = contract;
  const { lookedUp } = viewColumns(contract);
  const masked = (matrix: TrainingMatrix) => maskViews(matrix, lookedUp, options.seed);
  progress.start('boost', options.rounds);
  const fit = await fitGradientBoosting(
    masked(tables.train.matrix),
    { ...options, objective: task },
    {
      valid: tables.validate.matrix,
      threads,
      onRound: (r) => progress.update(r.round, `validation loss ${(r.validLoss ?? r.trainLoss).toFixed(4)}`),
    },
  );
  const facts: Candidate['facts'] = { trainer: 'gradientBoosting', rounds: fit.bestRound };
  let calibration: Calibration = { method: 'none' };
  if (task === 'binary') {
    const chosen = await calibrationOf(tables.train, options, fit.bestRound, masked, progress);
    calibration = chosen.calibration;
    facts.calibration = calibration.method;
    for (const [method, loss] of Object.entries(chosen.logLoss)) facts[`outOfFoldLogLoss_${method}`] = loss;
  }
  const onnx = exportModel(fit.model, { calibration, metadata: { model: contract.model } });
  await requireParity(fit.model, onnx, calibration, tables.test.matrix);
  const names = contract.features.map((f) => f.name);
  const importance = Object.fromEntries(names.map((name, i) => [name, fit.importance[i] ?? 0]));
  return {
    onnx,
    trainer: { schemaVersion: 1, by: 'trees', model: { ...fit.model, featureNames: names }, calibration },
    curve: fit.curve,
    importance,
    facts,
    environment: { node: process.versions.node },
  };
}
