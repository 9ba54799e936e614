import { join, relative } from 'node:path';
import type { Lineage } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { trainStage } from '@repo/training/train-stage';
import { trainerDigest } from '@repo/training/trainer-digest';
import type { Context } from '../context.ts';
import { type FeatureManifest, readFeatureManifest } from '../feature-manifest.ts';
import type { Outcome } from '../outcome.ts';
import { table } from '../table.ts';
import { validatedSnapshots } from '../validated.ts';
import { loadModel } from '../workspace.ts';
import { featuresVerb } from './features.ts';

/** The feature tables as definition and data are now; built first where they are absent or were made from something else. */
async function currentFeatures(context: Context, model: Model): Promise<FeatureManifest> {
  const dir = context.workspace.stageDir(model.name, 'features');
  const snapshots = await validatedSnapshots(context, model);
  const manifest = await readFeatureManifest(dir);
  const sameData = Object.entries(snapshots).every(([source, { digest }]) => manifest?.data[source] === digest);
  if (manifest !== null && manifest.definition === model.digest && sameData) return manifest;
  return (await featuresVerb(context, model.name)).json as FeatureManifest;
}

/** `causeway train <model>`: trains, measures, and writes the bundle and an HTML report. */
export async function trainVerb(context: Context, name: string): Promise<Outcome> {
  const { workspace, progress } = context;
  const model = await loadModel(workspace, name);
  const { definition, data, views } = await currentFeatures(context, model);
  const trainer = await trainerDigest(model.training, workspace.modelDir(name));
  const lineage: Lineage = { schemaVersion: 1, definition, data, views, trainer };
  const outDir = workspace.stageDir(name, 'train');
  const featuresDir = workspace.stageDir(name, 'features');
  const result = await trainStage({
    model,
    modelDir: workspace.modelDir(name),
    featuresDir,
    outDir,
    lineage,
    progress,
  });
  const { test, baselines } = result.metrics;
  const cell = (value: number | null | undefined) => (value === null || value === undefined ? '-' : value.toFixed(4));
  const names = Object.keys(test);
  const scores = table(
    ['test rows', ...names, 'saves (95 %)'],
    [
      [name, ...names.map((metric) => cell(test[metric])), ''],
      ...Object.entries(baselines).map(([who, b]) => [
        who,
        ...names.map((metric) => cell(b.test[metric])),
        `${cell(b.gain.lower)} to ${cell(b.gain.upper)}`,
      ]),
    ],
  );
  const report = relative(workspace.root, join(outDir, 'report.html'));
  return {
    exitCode: 0,
    json: { model: name, ...result, report },
    text: `${scores}\nbundle ${result.digest}\nreport ${report}`,
  };
}
