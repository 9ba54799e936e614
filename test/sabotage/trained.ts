import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleContents, Lineage } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import { readBundle } from '@repo/registry/read-bundle';
import type { FeatureTables } from '@repo/training/feature-table';
import { readFeatureTables } from '@repo/training/read-feature-tables';
import type { StepProgress } from '@repo/training/step-progress';
import { trainStage } from '@repo/training/train-stage';
import { trainerDigest } from '@repo/training/trainer-digest';
import type { FlightsRoad } from './flights-road.ts';

/** A bundle from disk with what lies beside it and what it was made from. */
export interface Trained {
  model: Model;
  contract: ModelContract;
  tables: FeatureTables;
  lineage: Lineage;
  digest: string;
  contents: BundleContents;
  card: string;
}

/** What is trained, and where. */
export interface TrainingOptions {
  model: Model;
  road: FlightsRoad;
  /** Folder of the features stage. */
  featuresDir: string;
  /** Folder that the stage writes. */
  outDir: string;
}

/** Reports nothing. */
export const silent: StepProgress = { start: () => undefined, update: () => undefined };

/** What a model trained from this checkout is made from. */
async function lineageOf(model: Model, { data }: FlightsRoad): Promise<Lineage> {
  const views = Object.fromEntries(model.features.map(({ spec, digest }) => [`${spec.name}@${spec.version}`, digest]));
  const trainer = await trainerDigest(model.training, import.meta.dirname);
  return { schemaVersion: 1, definition: model.digest, data, views, trainer };
}

/** Trains with the real stage and reads back what it wrote. */
export async function train({ model, road, featuresDir, outDir }: TrainingOptions): Promise<Trained> {
  const lineage = await lineageOf(model, road);
  await trainStage({ model, modelDir: import.meta.dirname, featuresDir, outDir, lineage, progress: silent });
  const { digest, contents } = await readBundle(join(outDir, 'bundle'));
  const { contract, tables } = await readFeatureTables(road.database, featuresDir);
  const card = await readFile(join(outDir, 'evidence', 'card.md'), 'utf8');
  return { model, contract, tables, lineage, digest, contents, card };
}
