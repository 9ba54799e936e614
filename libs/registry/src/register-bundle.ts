import { InputError } from '@repo/contract/input-error';
import { nameSchema } from '@repo/contract/name';
import { parseOrThrow } from '@repo/contract/parse';
import { putBlob } from './blobs.ts';
import { encodeJson } from './json-object.ts';
import type { ObjectStore } from './object-store.ts';
import { type Bundle, readBundle } from './read-bundle.ts';
import { createNextVersion, createVersion, getVersion, type Version } from './versions.ts';

/** A version, and whether it was this call that created it. */
export interface Registration extends Version {
  readonly created: boolean;
}

async function readBundleOf(model: string, dir: string): Promise<Bundle> {
  parseOrThrow(nameSchema, model, 'model');
  const bundle = await readBundle(dir);
  if (bundle.manifest.model === model) return bundle;
  throw new InputError({
    path: `${dir}/manifest.json.model`,
    received: bundle.manifest.model,
    allowed: model,
    action: `name a bundle of ${model}, or train it`,
  });
}

/** Stores all that a version names before anything names it: a process killed on the way leaves blobs that nobody sees. */
async function putContents(store: ObjectStore, bundle: Bundle): Promise<void> {
  for (const content of Object.values(bundle.contents)) await putBlob(store, content);
  await putBlob(store, encodeJson(bundle.manifest));
}

/** Registers a bundle under the next number, or finds the number it has. */
export async function registerBundle(store: ObjectStore, model: string, dir: string): Promise<Registration> {
  const bundle = await readBundleOf(model, dir);
  await putContents(store, bundle);
  const { version, created } = await createNextVersion(store, model, bundle.digest);
  return { ...version, created };
}

/** Registers a bundle under a number that was given elsewhere, such as in git. Throws InputError when the number is taken. */
export async function importVersion(
  store: ObjectStore,
  model: string,
  number: number,
  dir: string,
): Promise<Registration> {
  const bundle = await readBundleOf(model, dir);
  let current = await getVersion(store, model, number);
  let created = false;
  if (current === null) {
    await putContents(store, bundle);
    ({ version: current, created } = await createVersion(store, { model, version: number, digest: bundle.digest }));
  }
  if (current.digest === bundle.digest) return { ...current, created };
  throw new InputError({
    path: `version ${number} of ${model}`,
    received: `${bundle.digest} in ${dir}`,
    allowed: `${current.digest}, which this registry holds under that number`,
    action: 'register the folder under the next number, or name a CAUSEWAY_STATE without this model',
  });
}
