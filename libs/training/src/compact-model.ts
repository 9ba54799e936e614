import type { ModelContract } from '@repo/contract/model-contract';
import { type Calibration, calibrate, fitPlatt } from './calibration.ts';
import { evaluate } from './evaluate.ts';
import { exportModel } from './export-model.ts';
import type { FeatureTables } from './feature-table.ts';
import { fitGradientBoosting } from './gradient-boosting.ts';
import { fitLinearModel } from './linear-model.ts';
import type { PredictionModel } from './prediction-model.ts';
import { scoreRaw } from './score.ts';
import { selectColumns, type TrainingMatrix } from './training-matrix.ts';
import { viewColumns } from './view-columns.ts';

/** Some 35 KiB as a file, and a few microseconds for a row. */
const size = { rounds: 100, leaves: 8, learningRate: 0.1 } as const;

interface Fit {
  model: PredictionModel;
  calibration: Calibration;
  /** Log-loss or root mean squared error on the validation rows. */
  loss: number;
}

/** Calibrates on the validation split: without recent delays to look up, the latest labels are what it can know of the present rate. */
function judge(model: PredictionModel, task: ModelContract['task'], { columns, rows, labels }: TrainingMatrix): Fit {
  const raw = scoreRaw(model, columns, rows);
  const calibration: Calibration = task === 'binary' ? fitPlatt(raw, labels) : { method: 'none' };
  const answers = task === 'binary' ? calibrate(calibration, raw) : raw;
  const { logLoss, rmse } = evaluate(task, labels, answers);
  return { model, calibration, loss: (logLoss ?? rmse) as number };
}

/**
 * Trains the small model that answers when features cannot be looked up: on the features of request views alone, in the order of the contract,
 * a linear model or a small boosting, whichever loses less on the validation split. Whatever trained the champion, this is trained here, and
 * equal tables give equal bytes. Throws InputError when the contract has no request view.
 */
export async function trainCompact(contract: ModelContract, tables: FeatureTables): Promise<Uint8Array> {
  const { task } = contract;
  const { request } = viewColumns(contract);
  const train = selectColumns(tables.train.matrix, request);
  const valid = selectColumns(tables.validate.matrix, request);
  const linear = judge(fitLinearModel(train, { objective: task }), task, valid);
  const boosted = await fitGradientBoosting(train, { ...size, objective: task }, { valid });
  const trees = judge(boosted.model, task, valid);
  const { model, calibration } = trees.loss < linear.loss ? trees : linear;
  return exportModel(model, { calibration, metadata: { model: contract.model } });
}
