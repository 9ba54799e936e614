import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { type Bundle, readBundle } from '@repo/registry/read-bundle';
import { createRegistry } from '@repo/registry/registry';
import { verifyCommitted } from '@repo/registry/verify-committed';
import type { Context } from '../context.ts';

/** The version that a candidate is compared with. */
export interface ChampionBundle extends Pick<Bundle, 'digest' | 'contents'> {
  version: number;
}

/**
 * The committed champion of a model, or the version that is asked for: the one committed under that number, else the registry's. Null where
 * none is asked for and the model has no champion.json. Throws InputError for a version that nobody has, and for damaged files.
 */
export async function championBundle(
  { workspace, stateUrl }: Context,
  model: string,
  version: number | null,
): Promise<ChampionBundle | null> {
  const modelDir = workspace.modelDir(model);
  if (version === null) return verifyCommitted(modelDir);
  const release = join(modelDir, 'release', String(version));
  if (!existsSync(release)) return createRegistry(stateUrl, workspace.root).openBundle(model, version);
  const bundle = await readBundle(release);
  if (bundle.manifest.model === model) return { ...bundle, version };
  throw new InputError({
    path: `${release}/manifest.json.model`,
    received: bundle.manifest.model,
    allowed: model,
    action: 'restore the release from git, or name another version',
  });
}
