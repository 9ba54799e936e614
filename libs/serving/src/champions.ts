import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { nameSchema } from '@repo/contract/name';
import { importCommitted } from '@repo/registry/import-committed';
import type { Registry } from '@repo/registry/registry';

/** A model that must be served: its champion's version, or why there is none to be had. */
export type Champion = { readonly name: string } & ({ readonly version: number } | { readonly problem: string });

async function modelNames(modelsDir: string): Promise<string[]> {
  const entries = await readdir(modelsDir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InputError({
      path: 'MODELS_DIR',
      received: `${modelsDir} (${error.code})`,
      allowed: 'a readable folder with one folder for each model',
      action: 'correct the path',
    });
  });
  const folders = entries.filter((entry) => entry.isDirectory() && nameSchema.safeParse(entry.name).success);
  return folders.map((entry) => entry.name).sort();
}

async function championOf(registry: Registry, modelsDir: string, name: string): Promise<Champion | null> {
  try {
    const committed = await importCommitted(registry, join(modelsDir, name));
    const version = committed?.version ?? (await registry.getAlias(name, 'champion'));
    return version === null ? null : { name, version };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (error.problems.some((problem) => problem.path === 'CAUSEWAY_STATE')) throw error;
    return { name, problem: error.message };
  }
}

/**
 * The models to serve: for each folder in `modelsDir` the committed champion, imported into the registry under its number, else the
 * one that the registry's alias names. Models that have neither are left out. A damaged one is listed with its problem, so that it
 * is reported and does not keep the others from serving. Throws InputError when the state folder or `modelsDir` cannot be used.
 */
export async function findChampions(registry: Registry, modelsDir: string): Promise<Champion[]> {
  const champions: Champion[] = [];
  for (const name of await modelNames(modelsDir)) {
    const champion = await championOf(registry, modelsDir, name);
    if (champion !== null) champions.push(champion);
  }
  return champions;
}
