import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { modelContractSchema } from '@repo/contract/model-contract';
import { profileSchema } from '@repo/contract/profile';
import { openDatabase } from '@repo/datasets/database';
import { measureDriftBasis } from '@repo/monitoring/drift-basis';
import { bundleJson } from '@repo/registry/bundle-json';
import { readBundle } from '@repo/registry/read-bundle';
import { createOnnxScorer } from '@repo/training/onnx-scorer';
import { readFeatureTable } from '@repo/training/read-feature-table';
import type { StepProgress } from '@repo/training/step-progress';
import writeFileAtomic from 'write-file-atomic';

/** Where {@link writeDriftBasis} reads, and says how far it is. */
export interface WriteDriftBasisOptions {
  /** Folder of the train stage, with `bundle/` and `evidence/`. */
  readonly trainDir: string;
  /** Folder of the features stage that the bundle was trained from. */
  readonly featuresDir: string;
  readonly progress: StepProgress;
}

/** Writes `evidence/drift.json` of a trained bundle: what a monitor judges its drift by. No part of the bundle, whose bytes it does not change. */
export async function writeDriftBasis({ trainDir, featuresDir, progress }: WriteDriftBasisOptions): Promise<void> {
  progress.start('days and importances', 1);
  const { contents, digest, manifest } = await readBundle(join(trainDir, 'bundle'));
  const contract = bundleJson(contents, 'contract.json', modelContractSchema);
  const profile = bundleJson(contents, 'profile.json', profileSchema);
  const database = await openDatabase();
  const scorer = await createOnnxScorer(contents['model.onnx'], contract);
  try {
    const read = (split: string) => readFeatureTable(database, join(featuresDir, `${split}.parquet`), contract);
    const tables = { train: await read('train'), validate: await read('validate') };
    const basis = await measureDriftBasis({ model: manifest.model, digest, contract, profile, ...tables, scorer });
    await writeFileAtomic(join(trainDir, 'evidence', 'drift.json'), `${canonicalJson(basis)}\n`);
  } finally {
    await scorer.release();
    database.close();
  }
  progress.update(1);
}
