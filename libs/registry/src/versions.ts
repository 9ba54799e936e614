import { InputError } from '@repo/contract/input-error';
import { championSchema } from '@repo/contract/manifest';
import { nameSchema } from '@repo/contract/name';
import { parseOrThrow } from '@repo/contract/parse';
import { z } from 'zod';
import { encodeJson, parseJson } from './json-object.ts';
import { newestNumber, numberedNames } from './numbered-names.ts';
import type { ObjectStore } from './object-store.ts';

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  version: championSchema.shape.version,
  digest: championSchema.shape.digest,
});

/** A version of a model: a number that means one bundle forever. */
export type Version = Omit<z.infer<typeof schema>, 'schemaVersion'>;

function folderOf(model: string): string {
  return `models/${parseOrThrow(nameSchema, model, 'model')}/versions`;
}

function keyOf(model: string, version: number): string {
  return `${folderOf(model)}/${parseOrThrow(schema.shape.version, version, 'version')}.json`;
}

/** The version of that number, or null when there is none. */
export async function getVersion(store: ObjectStore, model: string, version: number): Promise<Version | null> {
  const key = keyOf(model, version);
  const content = await store.get(key);
  if (content === null) return null;
  const { schemaVersion: _, ...record } = parseJson(schema, content, `registry ${key}`);
  if (record.model !== model || record.version !== version) {
    throw new InputError({
      path: `registry ${key}`,
      received: `version ${record.version} of ${record.model}`,
      allowed: `version ${version} of ${model}`,
      action: 'the registry is damaged: restore this file from a backup',
    });
  }
  return record;
}

/** Names of all models that were ever registered, ascending. Anything else that lies among them is left alone. */
export async function listModels(store: ObjectStore): Promise<string[]> {
  return (await store.list('models')).filter((name) => nameSchema.safeParse(name).success).sort();
}

/** All versions of a model, ascending; empty for a model that was never registered. */
export async function listVersions(store: ObjectStore, model: string): Promise<Version[]> {
  // A listing may miss a name that is added meanwhile and yet hold a later one. All that the first one shows and all that
  // came before is in the second.
  const numbers = new Set(await numberedNames(store, folderOf(model)));
  for (const number of await numberedNames(store, folderOf(model))) numbers.add(number);
  const ascending = [...numbers].sort((a, b) => a - b);
  const versions = await Promise.all(ascending.map((number) => getVersion(store, model, number)));
  return versions.filter((version) => version !== null);
}

/** Creates a version of that number; returns what stands there now, whoever created it. */
export async function createVersion(
  store: ObjectStore,
  version: Version,
): Promise<{ version: Version; created: boolean }> {
  const key = keyOf(version.model, version.version);
  if (await store.putIfAbsent(key, encodeJson({ schemaVersion: 1, ...version }))) return { version, created: true };
  return { version: (await getVersion(store, version.model, version.version)) as Version, created: false };
}

/** Gives a digest the next free number, or returns the version that it has, even one created meanwhile by another process. */
export async function createNextVersion(
  store: ObjectStore,
  model: string,
  digest: string,
): Promise<{ version: Version; created: boolean }> {
  const versions = await listVersions(store, model);
  const same = versions.find((version) => version.digest === digest);
  if (same !== undefined) return { version: same, created: false };
  for (let number = newestNumber(versions.map((v) => v.version)) + 1; ; number++) {
    const result = await createVersion(store, { model, version: number, digest });
    if (result.version.digest === digest) return result;
  }
}
