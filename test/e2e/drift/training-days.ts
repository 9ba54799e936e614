import { join } from 'node:path';
import { modelContractSchema } from '@repo/contract/model-contract';
import { profileSchema } from '@repo/contract/profile';
import { openDatabase } from '@repo/datasets/database';
import { type DriftLaw, measureDriftLaw } from '@repo/monitoring/drift-law';
import { type TableWindowsOptions, tableWindows } from '@repo/monitoring/table-windows';
import type { Window } from '@repo/monitoring/window';
import { readBundle } from '@repo/registry/read-bundle';
import { createOnnxScorer } from '@repo/training/onnx-scorer';
import { readFeatureTable } from '@repo/training/read-feature-table';
import { rowMajor } from '@repo/training/row-major';

type Split = 'train' | 'validate' | 'test';

/** A version's training table and the rows after it, answered and cut into days, and what its days tell of chance. */
export interface TrainingDays {
  readonly train: TableWindowsOptions;
  readonly days: Record<Split, Window[]>;
  readonly law: DriftLaw;
}

/** Reads a table of the features stage in `root` and answers its rows by the release in `release`, as the service would. */
export async function answeredTable(
  root: string,
  model: string,
  release: string,
  split: Split,
): Promise<TableWindowsOptions> {
  const { contents } = await readBundle(join(root, 'models', model, 'release', release));
  const json = (name: 'contract.json' | 'profile.json') => JSON.parse(Buffer.from(contents[name]).toString());
  const contract = modelContractSchema.parse(json('contract.json'));
  const profile = profileSchema.parse(json('profile.json'));
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
  const daysOf = async (split: Split) => tableWindows(await answeredTable(root, model, release, split));
  const days = { train: tableWindows(train), validate: await daysOf('validate'), test: await daysOf('test') };
  return { train, days, law: measureDriftLaw(train.profile, days.train) };
}
