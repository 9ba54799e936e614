import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import type { Golden, Lineage } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import { parseOrThrow } from '@repo/contract/parse';
import { type Database, openDatabase } from '@repo/datasets/database';
import { writeBundleManifest } from '@repo/registry/write-bundle-manifest';
import type { Candidate } from './candidate.ts';
import { checkPredictions } from './check-predictions.ts';
import type { FeatureTable, FeatureTables } from './feature-table.ts';
import { importOnnx } from './import-onnx.ts';
import { type BundleMetrics, measure } from './measure.ts';
import { createOnnxScorer } from './onnx-scorer.ts';
import { profileOf } from './profile.ts';
import { readFeatureTable } from './read-feature-table.ts';
import { trainingReport } from './report/training-report.ts';
import { rowMajor } from './row-major.ts';
import { runTrainer } from './run-trainer.ts';
import type { StepProgress } from './step-progress.ts';
import { trainBoosting } from './train-boosting.ts';

/** What the train stage works on. */
export interface TrainStageOptions {
  model: Model;
  /** Folder of model.ts. */
  modelDir: string;
  /** Folder that the features stage wrote. */
  featuresDir: string;
  /** Folder to write `bundle/` and `report.html` to; replaced as a whole, and only on success. */
  outDir: string;
  lineage: Lineage;
  progress: StepProgress;
}

export interface TrainStageResult {
  digest: string;
  metrics: BundleMetrics;
  /** Bytes of model.onnx. */
  modelBytes: number;
  /** Seconds of each step, in order. */
  seconds: Record<string, number>;
}

const goldenRows = 50;

async function makeCandidate(
  o: TrainStageOptions,
  contract: ModelContract,
  tables: FeatureTables,
  database: Database,
): Promise<Candidate> {
  const { training } = o.model;
  if (training.by === 'gradientBoosting') return trainBoosting(training, contract, tables, o.progress);
  if (training.by === 'importedOnnx') return importOnnx(training, o.modelDir);
  o.progress.start('run trainer', 1);
  const { candidate, outDir } = await runTrainer(training, contract, o.featuresDir, o.modelDir);
  try {
    const answers = await answer(candidate.onnx, contract, tables.validate);
    await checkPredictions(database, outDir, tables.validate, answers);
  } finally {
    await rm(dirname(outDir), { recursive: true, force: true });
  }
  return candidate;
}

async function answer(onnx: Uint8Array, contract: ModelContract, { matrix }: FeatureTable): Promise<Float32Array> {
  const scorer = await createOnnxScorer(onnx, contract);
  try {
    return await scorer.score(rowMajor(matrix.columns, matrix.rows), matrix.rows);
  } finally {
    await scorer.release();
  }
}

/** Rows spread evenly over the test split, with the answers that a service must give before it calls itself ready. */
function goldenOf({ matrix }: FeatureTable, answers: Float32Array): Golden {
  const count = Math.min(goldenRows, matrix.rows);
  const rows = Array.from({ length: count }, (_, i) => Math.floor((i * matrix.rows) / count));
  const cell = (value: number) => (Number.isNaN(value) ? null : value);
  const features = rows.map((row) => matrix.columns.map((column) => cell(column[row] as number)));
  return { schemaVersion: 1, features, outputs: rows.map((row) => answers[row] as number), tolerance: 1e-5 };
}

async function writeFiles(dir: string, files: Record<string, unknown>): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(dir, name), content instanceof Uint8Array ? content : `${canonicalJson(content)}\n`, {
      flush: true,
    });
  }
}

/** Reads the three splits with a database that is closed again. */
async function readTables(database: Database, dir: string, contract: ModelContract): Promise<FeatureTables> {
  const read = (split: string) => readFeatureTable(database, join(dir, `${split}.parquet`), contract);
  return { train: await read('train'), validate: await read('validate'), test: await read('test') };
}

/**
 * Trains, imports or runs a foreign trainer, measures the model on days that it never saw, and writes the bundle and the report.
 * Equal lineage gives an equal digest. Throws InputError for input it cannot work with and StageFailure when training fails.
 */
export async function trainStage(options: TrainStageOptions): Promise<TrainStageResult> {
  const { model, featuresDir, outDir, lineage, progress } = options;
  const seconds: Record<string, number> = {};
  const timed = async <T>(step: string, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work();
    seconds[step] = (performance.now() - begun) / 1000;
    return result;
  };
  const contract = parseOrThrow(
    modelContractSchema,
    JSON.parse(await readFile(join(featuresDir, 'contract.json'), 'utf8')),
    'contract.json',
  );
  const database = await openDatabase();
  await mkdir(dirname(outDir), { recursive: true });
  const scratch = await mkdtemp(`${outDir}.`);
  try {
    const tables = await timed('read features', () => readTables(database, featuresDir, contract));
    const candidate = await timed('train', () => makeCandidate(options, contract, tables, database));
    progress.start('measure', 3);
    const { metrics, answers } = await timed('measure', async () => {
      const train = await answer(candidate.onnx, contract, tables.train);
      progress.update(1);
      const validate = await answer(candidate.onnx, contract, tables.validate);
      const test = await answer(candidate.onnx, contract, tables.test);
      progress.update(2);
      const measured = measure(model, contract, tables, { validate, test }, candidate.facts);
      progress.update(3);
      return { metrics: measured, answers: { train, test } };
    });
    await writeFiles(join(scratch, 'bundle'), {
      'model.onnx': candidate.onnx,
      'contract.json': contract,
      'profile.json': profileOf(contract, tables.train.matrix, answers.train),
      'golden.json': goldenOf(tables.test, answers.test),
      'metrics.json': metrics,
      'lineage.json': lineage,
    });
    const bundle = await writeBundleManifest(join(scratch, 'bundle'), model.name);
    const result = { digest: bundle.digest, metrics, modelBytes: candidate.onnx.length, seconds };
    const page = await trainingReport({
      model,
      contract,
      candidate,
      result,
      labels: tables.test.matrix.labels,
      answers: answers.test,
    });
    await writeFile(join(scratch, 'report.html'), page, { flush: true });
    await rm(outDir, { recursive: true, force: true });
    await rename(scratch, outDir);
    return result;
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    throw error;
  } finally {
    database.close();
  }
}
