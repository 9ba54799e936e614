import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { championSchema } from '@repo/contract/manifest';
import { parseJson } from './json-object.ts';
import { type Bundle, readBundle } from './read-bundle.ts';

/** The champion that a model folder carries in git. */
export interface CommittedBundle extends Bundle {
  readonly model: string;
  readonly version: number;
}

async function readChampion(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new InputError({
      path,
      received: `an unreadable file (${code})`,
      allowed: 'a regular file',
      action: 'restore it from git',
    });
  }
}

/**
 * Reads champion.json of a model folder (`models/<name>`) and verifies `release/<version>/` against it and against the folder's
 * name. Null when the model has no champion.json yet. Throws InputError for whatever disagrees.
 */
export async function verifyCommitted(modelDir: string): Promise<CommittedBundle | null> {
  const path = join(modelDir, 'champion.json');
  const content = await readChampion(path);
  if (content === null) return null;
  const { version, digest } = parseJson(championSchema, content, path);
  const bundle = await readBundle(join(modelDir, 'release', String(version)));
  const model = basename(resolve(modelDir));
  if (bundle.digest !== digest) {
    throw new InputError({
      path: `${path}.digest`,
      received: show(digest),
      allowed: `${bundle.digest}, the digest of ${bundle.dir}`,
      action: 'restore both from git; they change together, by a promotion',
    });
  }
  if (bundle.manifest.model !== model) {
    throw new InputError({
      path: `${bundle.dir}/manifest.json.model`,
      received: show(bundle.manifest.model),
      allowed: show(model),
      action: 'a copied model has no champion yet: delete its champion.json and release/, then train it',
    });
  }
  return { ...bundle, model, version };
}
