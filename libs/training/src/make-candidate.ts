import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Database } from '@repo/datasets/database';
import type { Candidate } from './candidate.ts';
import { checkPredictions } from './check-predictions.ts';
import type { FeatureTables } from './feature-table.ts';
import { importOnnx } from './import-onnx.ts';
import { createOnnxScorer } from './onnx-scorer.ts';
import { rowMajor } from './row-major.ts';
import { runTrainer, type TrainerRun } from './run-trainer.ts';
import type { StepProgress } from './step-progress.ts';
import { trainBoosting } from './train-boosting.ts';

/** What a candidate is made from. */
export interface CandidateOptions {
  model: Model;
  modelDir: string;
  featuresDir: string;
  contract: ModelContract;
  tables: FeatureTables;
  database: Database;
  progress: StepProgress;
  /** Folder for scratch files; left as it was. */
  folder: string;
}

/** Runs a foreign trainer and holds its model to its own predictions of the validation rows. */
async function runForeign(training: TrainerRun['training'], options: CandidateOptions): Promise<Candidate> {
  const { contract, tables, database, folder } = options;
  const scratch = join(folder, 'trainer');
  await mkdir(scratch);
  try {
    const { candidate, predictions } = await runTrainer({ ...options, training, scratch });
    const scorer = await createOnnxScorer(candidate.onnx, contract);
    try {
      const { columns, rows } = tables.validate.matrix;
      const answers = await scorer.score(rowMajor(columns, rows), rows);
      return { ...candidate, trainer: await checkPredictions(database, predictions, tables.validate, answers) };
    } finally {
      await scorer.release();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Trains, imports or has a foreign trainer make the model that the definition asks for. */
export async function makeCandidate(options: CandidateOptions): Promise<Candidate> {
  const { model, modelDir, contract, tables, progress } = options;
  const { training } = model;
  if (training.by === 'gradientBoosting') return trainBoosting(training, contract, tables, progress);
  if (training.by === 'importedOnnx') return importOnnx(training, modelDir);
  progress.start('run trainer', 1);
  return runForeign(training, options);
}
