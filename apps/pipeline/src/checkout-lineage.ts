import type { Lineage } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { trainerDigest } from '@repo/training/trainer-digest';
import type { Context } from './context.ts';
import type { FeatureManifest } from './feature-manifest.ts';

/** What a model trained from this checkout, and from these feature tables, is made from. */
export async function checkoutLineage(
  { workspace }: Context,
  model: Model,
  { definition, data, views }: FeatureManifest,
): Promise<Lineage> {
  const trainer = await trainerDigest(model.training, workspace.modelDir(model.name));
  const window = model.window === null ? {} : { window: model.window };
  return { schemaVersion: 1, definition, data, views, trainer, ...window };
}
