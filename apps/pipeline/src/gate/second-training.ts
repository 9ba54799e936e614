import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import type { Lineage } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import type { StepProgress } from '@repo/training/step-progress';
import { trainStage } from '@repo/training/train-stage';
import type { Context } from '../context.ts';

/** One gate among others: the progress is that of the gates. */
const silent: StepProgress = { start: () => undefined, update: () => undefined };

/**
 * Trains a model again elsewhere and answers the digest of the bundle. Throws when the lineage that it is to have is not that of this
 * checkout: then it cannot be made here.
 */
export async function secondTraining(
  { workspace }: Context,
  model: Model,
  lineage: Lineage,
  checkout: Lineage,
): Promise<string> {
  if (canonicalJson(lineage) !== canonicalJson(checkout))
    throw new Error('the candidate was made from something else than this checkout: judge it where it was trained');
  const folder = await mkdtemp(join(tmpdir(), 'again-'));
  try {
    const modelDir = workspace.modelDir(model.name);
    const featuresDir = workspace.stageDir(model.name, 'features');
    const outDir = join(folder, 'train');
    return (await trainStage({ model, modelDir, featuresDir, outDir, lineage, progress: silent })).digest;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
