import { join, relative } from 'node:path';
import type { Lineage } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import type { BundleMetrics } from '@repo/training/measure';
import { trainStage as runTraining } from '@repo/training/train-stage';
import { trainerDigest } from '@repo/training/trainer-digest';
import type { Context } from '../context.ts';
import { type FeatureManifest, readFeatureManifest } from '../feature-manifest.ts';
import type { Outcome } from '../outcome.ts';
import { requirePinned } from '../pinned.ts';
import { table } from '../table.ts';
import { validatedSnapshots } from '../validated.ts';
import { featuresStage } from './features.ts';

/** The feature tables as definition and data are now; built first where they are absent or were made from something else. */
async function currentFeatures(context: Context, model: Model): Promise<FeatureManifest> {
  await requirePinned(context, model);
  const snapshots = await validatedSnapshots(context, model);
  const manifest = await readFeatureManifest(context.workspace.stageDir(model.name, 'features'));
  const sameData = Object.entries(snapshots).every(([source, { digest }]) => manifest?.data[source] === digest);
  if (manifest?.definition === model.digest && sameData) return manifest;
  return (await featuresStage(context, model)).json as FeatureManifest;
}

const cell = (value: number | null | undefined) => (value === null || value === undefined ? '-' : value.toFixed(4));

function scoresOf(name: string, { test, baselines }: BundleMetrics): string {
  const names = Object.keys(test);
  return table(
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
}

/** How good the answers are when the service is not whole: who answers, and which views' features are missing. */
function levelsOf({ levels, outliers }: BundleMetrics): string {
  const names = Object.keys(levels[0]?.metrics ?? {});
  const rows = levels.map(({ level, without, metrics }) => [
    level,
    without.length > 1 ? 'every looked-up view' : (without[0] ?? ''),
    ...names.map((metric) => cell(metrics[metric])),
  ]);
  const share = `${(100 * outliers.testShare).toFixed(2)} % of the test rows are outliers (p below ${outliers.below})`;
  return `${table(['who answers', 'without', ...names], rows)}\n${share}`;
}

/** `causeway train <model>`: trains, measures, and writes the bundle and an HTML report. */
export async function trainStage(context: Context, model: Model): Promise<Outcome> {
  const { workspace, progress } = context;
  const { name } = model;
  const { definition, data, views } = await currentFeatures(context, model);
  const modelDir = workspace.modelDir(name);
  const lineage: Lineage = {
    schemaVersion: 1,
    definition,
    data,
    views,
    trainer: await trainerDigest(model.training, modelDir),
  };
  const outDir = workspace.stageDir(name, 'train');
  const result = await runTraining({
    model,
    modelDir,
    featuresDir: workspace.stageDir(name, 'features'),
    outDir,
    lineage,
    progress,
  });
  const report = relative(workspace.root, join(outDir, 'report.html'));
  return {
    exitCode: 0,
    json: { model: name, ...result, report },
    text: `${scoresOf(name, result.metrics)}\n${levelsOf(result.metrics)}\nbundle ${result.digest}\nreport ${report}`,
  };
}
