import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { verifyCommitted } from '@repo/registry/verify-committed';

/** A champion that went into the image. */
export interface StagedModel {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
}

/**
 * Copies the champion of every model that has one, pin and bundle, from `modelsDir` to `outDir`. A model without one gets no folder.
 * Throws InputError when a pin and its bundle disagree.
 */
export async function stageModels(modelsDir: string, outDir: string): Promise<StagedModel[]> {
  const folders = readdirSync(modelsDir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const staged: StagedModel[] = [];
  for (const { name } of folders.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const committed = await verifyCommitted(join(modelsDir, name));
    if (committed === null) continue;
    const { model, version, digest, dir } = committed;
    mkdirSync(join(outDir, name, 'release'), { recursive: true });
    cpSync(join(modelsDir, name, 'champion.json'), join(outDir, name, 'champion.json'));
    cpSync(dir, join(outDir, name, 'release', String(version)), { recursive: true });
    staged.push({ model, version, digest });
  }
  return staged;
}
