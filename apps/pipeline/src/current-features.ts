import type { Model } from '@repo/contract/model';
import type { Snapshot } from '@repo/datasets/snapshot';
import type { Context } from './context.ts';
import { type FeatureManifest, readFeatureManifest } from './feature-manifest.ts';
import { requirePinned } from './pinned.ts';
import { validatedSnapshots } from './validated.ts';
import { featuresStage } from './verbs/features.ts';

/** The feature tables of a model as definition and data are now, and the data they were made from. */
export interface CurrentFeatures {
  manifest: FeatureManifest;
  /** By name of the source. */
  snapshots: Record<string, Snapshot>;
}

/** Builds the feature tables first where they are absent or were made from something else. */
export async function currentFeatures(context: Context, model: Model): Promise<CurrentFeatures> {
  await requirePinned(context, model);
  const snapshots = await validatedSnapshots(context, model);
  const manifest = await readFeatureManifest(context.workspace.stageDir(model.name, 'features'));
  const sameData = Object.entries(snapshots).every(([source, { digest }]) => manifest?.data[source] === digest);
  if (manifest?.definition === model.digest && sameData) return { manifest, snapshots };
  return { manifest: (await featuresStage(context, model)).json as FeatureManifest, snapshots };
}
