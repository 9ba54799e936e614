import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { type Bundle, readBundle } from '@repo/registry/read-bundle';
import type { Registry } from '@repo/registry/registry';

/** Finds the bundle of a model by its digest; null when it is nowhere. */
export type OpenRelease = (model: string, digest: string) => Promise<Bundle | null>;

/** Bundle folders below `release/`, newest number first, as a canary is most often the last. */
async function releaseFolders(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(() => []);
  return names
    .filter((name) => /^\d+$/.test(name))
    .sort((a, b) => Number(b) - Number(a))
    .map((name) => join(dir, name));
}

async function readOrNull(dir: string): Promise<Bundle | null> {
  try {
    return await readBundle(dir);
  } catch (error) {
    // A damaged folder is not the bundle that is looked for.
    if (error instanceof InputError) return null;
    throw error;
  }
}

/**
 * Looks in the folders of releases, `<releasesDir>/<model>/release/<version>`, then in the registry. What was found is kept: bytes that a
 * digest names do not change.
 */
export function createOpenRelease(releasesDir: string, registry: Registry): OpenRelease {
  const known = new Map<string, Bundle>();
  const find: OpenRelease = async (model, digest) => {
    for (const dir of await releaseFolders(join(releasesDir, model, 'release'))) {
      const bundle = await readOrNull(dir);
      if (bundle?.digest === digest) return bundle;
    }
    const version = (await registry.listVersions(model)).find((one) => one.digest === digest);
    return version === undefined ? null : registry.openBundle(model, version.version);
  };
  return async (model, digest) => {
    const bundle = known.get(digest) ?? (await find(model, digest));
    if (bundle !== null) known.set(digest, bundle);
    return bundle;
  };
}
