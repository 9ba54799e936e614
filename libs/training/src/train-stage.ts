import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Lineage } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import { openDatabase } from '@repo/datasets/database';
import { answerTables } from './answer-tables.ts';
import type { Candidate } from './candidate.ts';
import { trainCompact } from './compact-model.ts';
import type { FeatureTables } from './feature-table.ts';
import { makeCandidate } from './make-candidate.ts';
import { type BundleMetrics, measure } from './measure.ts';
import { measureLevels } from './measure-levels.ts';
import { readFeatureTables } from './read-feature-tables.ts';
import { modelCard } from './report/model-card.ts';
import { trainingReport } from './report/training-report.ts';
import type { StepProgress } from './step-progress.ts';
import { type OutlierModel, outlierBelow, trainOutliers } from './train-outliers.ts';
import type { TrainResult } from './train-result.ts';
import { writeBundle } from './write-bundle.ts';

/** What the train stage works on. */
export interface TrainStageOptions {
  model: Model;
  /** Folder of model.ts. */
  modelDir: string;
  /** Folder that the features stage wrote. */
  featuresDir: string;
  /** Folder to write `bundle/`, `evidence/` and `report.html` to; replaced as a whole, and only on success. */
  outDir: string;
  lineage: Lineage;
  progress: StepProgress;
}

function createStopwatch() {
  const seconds: Record<string, number> = {};
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work();
    seconds[step] = (performance.now() - begun) / 1000;
    return result;
  };
  return { seconds, timed };
}

/** The small models beside the candidate: for when features cannot be looked up, and for rows that look like none before. */
async function makeCompanions(contract: ModelContract, tables: FeatureTables, progress: StepProgress) {
  progress.start('train companions', 2);
  const compact = contract.serving.fallback.includes('compact') ? await trainCompact(contract, tables) : null;
  progress.update(1);
  const outliers = await trainOutliers(contract, tables);
  progress.update(2);
  return { compact, outliers };
}

interface Trained {
  contract: ModelContract;
  tables: FeatureTables;
  candidate: Candidate;
  compact: Uint8Array | null;
  outliers: OutlierModel;
}

/** Answers the rows of every split and measures the answers, at every level of degradation too. */
async function measureAll(trained: Trained, { model, progress }: TrainStageOptions) {
  const { contract, tables, candidate, compact, outliers } = trained;
  const { onnx, facts } = candidate;
  const answers = await answerTables(onnx, contract, tables, progress);
  const levels = await measureLevels({ contract, tables, onnx, compact, answers: answers.test, progress });
  const metrics: BundleMetrics = {
    ...measure(model, contract, tables, answers, facts),
    levels,
    outliers: { below: outlierBelow, testShare: outliers.testShare },
  };
  return { answers, metrics };
}

type Told = Trained & TrainStageOptions & { answers: Float32Array; result: TrainResult };

/** What people read: the model card, which goes with the bundle as evidence, and the page about this run. */
async function writeReports(folder: string, told: Told): Promise<void> {
  const { tables, result } = told;
  const { digest, metrics } = result;
  const card = modelCard({ ...told, metrics, digest, test: tables.test });
  await mkdir(join(folder, 'evidence'));
  await writeFile(join(folder, 'evidence', 'card.md'), card, { flush: true });
  const page = await trainingReport({ ...told, labels: tables.test.matrix.labels });
  await writeFile(join(folder, 'report.html'), page, { flush: true });
}

/** Does the work of the stage in an empty folder. */
async function trainInto(folder: string, options: TrainStageOptions): Promise<TrainResult> {
  const { featuresDir, lineage, progress } = options;
  const { seconds, timed } = createStopwatch();
  const database = await openDatabase();
  try {
    const { contract, tables } = await timed('read features', () => readFeatureTables(database, featuresDir));
    const candidate = await timed('train', () => makeCandidate({ ...options, contract, tables, database, folder }));
    const companions = await timed('train companions', () => makeCompanions(contract, tables, progress));
    const trained = { contract, tables, candidate, ...companions };
    const { answers, metrics } = await timed('measure', () => measureAll(trained, options));
    const digest = await writeBundle(join(folder, 'bundle'), { ...trained, answers, metrics, lineage });
    const result = { digest, metrics, modelBytes: candidate.onnx.length, seconds };
    await writeReports(folder, { ...trained, ...options, answers: answers.test, result });
    return result;
  } finally {
    database.close();
  }
}

/**
 * Trains, imports or runs a foreign trainer, measures the model on days that it never saw, and writes the bundle, its model card and the report.
 * Equal lineage gives an equal digest. Throws InputError for input it cannot work with and StageFailure when training fails.
 */
export async function trainStage(options: TrainStageOptions): Promise<TrainResult> {
  const outDir = resolve(options.outDir);
  await mkdir(dirname(outDir), { recursive: true });
  const folder = await mkdtemp(`${outDir}.`);
  try {
    // mkdtemp makes folders that only their owner can enter.
    await chmod(folder, 0o755);
    const result = await trainInto(folder, options);
    await rm(outDir, { recursive: true, force: true });
    await rename(folder, outDir);
    return result;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
