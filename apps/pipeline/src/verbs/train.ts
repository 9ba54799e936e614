import { join, relative } from 'node:path';
import type { Model } from '@repo/contract/model';
import type { BundleMetrics } from '@repo/training/measure';
import { trainStage as runTraining } from '@repo/training/train-stage';
import { checkoutLineage } from '../checkout-lineage.ts';
import type { Context } from '../context.ts';
import { currentFeatures } from '../current-features.ts';
import type { Outcome } from '../outcome.ts';
import { table } from '../table.ts';
import { writeDriftBasis } from '../write-drift-basis.ts';

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
  const { manifest } = await currentFeatures(context, model);
  const modelDir = workspace.modelDir(name);
  const lineage = await checkoutLineage(context, model, manifest);
  const outDir = workspace.stageDir(name, 'train');
  const featuresDir = workspace.stageDir(name, 'features');
  const result = await runTraining({ model, modelDir, featuresDir, outDir, lineage, progress });
  await writeDriftBasis({ trainDir: outDir, featuresDir, progress });
  const report = relative(workspace.root, join(outDir, 'report.html'));
  return {
    exitCode: 0,
    json: { model: name, ...result, report },
    text: `${scoresOf(name, result.metrics)}\n${levelsOf(result.metrics)}\nbundle ${result.digest}\nreport ${report}`,
  };
}
