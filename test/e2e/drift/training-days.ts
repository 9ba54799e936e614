import { join } from 'node:path';
import { modelContractSchema } from '@repo/contract/model-contract';
import { profileSchema } from '@repo/contract/profile';
import { openDatabase } from '@repo/datasets/database';
import { type TableWindowsOptions, tableWindows } from '@repo/monitoring/table-windows';
import type { Window } from '@repo/monitoring/window';
import { bundleJson } from '@repo/registry/bundle-json';
import { readBundle } from '@repo/registry/read-bundle';
import type { FeatureTable } from '@repo/training/feature-table';
import { createOnnxScorer } from '@repo/training/onnx-scorer';
import { readFeatureTable } from '@repo/training/read-feature-table';
import { rowMajor } from '@repo/training/row-major';

type Split = 'train' | 'validate' | 'test';

/** A version's training table, and all tables answered and cut into days. */
export interface TrainingDays {
  readonly train: TableWindowsOptions;
  /** The tables of the days after it. */
  readonly later: readonly FeatureTable[];
  readonly days: Record<Split, Window[]>;
}

/** Reads a table of the features stage in `root` and answers its rows by the release in `release`, as the service would. */
export async function answeredTable(
  root: string,
  model: string,
  release: string,
  split: Split,
): Promise<TableWindowsOptions> {
  const { contents } = await readBundle(join(root, 'models', model, 'release', release));
  const contract = bundleJson(contents, 'contract.json', modelContractSchema);
  const profile = bundleJson(contents, 'profile.json', profileSchema);
  const scorer = await createOnnxScorer(contents['model.onnx'], contract);
  const database = await openDatabase();
  try {
    const path = join(root, '.causeway/stages', model, 'features', `${split}.parquet`);
    const table = await readFeatureTable(database, path, contract);
    const { columns, rows } = table.matrix;
    const answers = await scorer.score(rowMajor(columns, rows), rows);
    return { model, version: release, profile, contract, table, answers };
  } finally {
    database.close();
    await scorer.release();
  }
}

/** Answers all tables of the features stage in `root`. */
export async function trainingDays(root: string, model: string, release: string): Promise<TrainingDays> {
  const train = await answeredTable(root, model, release, 'train');
  const validate = await answeredTable(root, model, release, 'validate');
  const test = await answeredTable(root, model, release, 'test');
  const days = { train: tableWindows(train), validate: tableWindows(validate), test: tableWindows(test) };
  return { train, later: [validate.table, test.table], days };
}
