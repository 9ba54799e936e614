import { InputError } from '@repo/contract/input-error';
import { championSchema } from '@repo/contract/manifest';
import { nameSchema } from '@repo/contract/name';
import { parseOrThrow } from '@repo/contract/parse';
import { z } from 'zod';
import { Alias, checkAlias, type MovableAlias } from './alias.ts';
import { AliasConflict } from './alias-conflict.ts';
import { encodeJson, parseJson } from './json-object.ts';
import { newestNumber, numberedNames } from './numbered-names.ts';
import type { ObjectStore } from './object-store.ts';
import { getVersion, listVersions } from './versions.ts';

const version = championSchema.shape.version;

/** A revision holds both the version and the one before it, so one exclusive create moves champion and previous together. */
const schema = z.strictObject({ schemaVersion: z.literal(1), version, previous: version.nullable() });

interface Revision {
  /** Place in the alias' history; 0 before it was ever set. */
  readonly number: number;
  readonly version: number | null;
  readonly previous: number | null;
}

const folderOf = (model: string, alias: MovableAlias): string =>
  `models/${parseOrThrow(nameSchema, model, 'model')}/aliases/${alias}`;

async function readRevision(store: ObjectStore, folder: string, number: number): Promise<z.infer<typeof schema>> {
  const key = `${folder}/${number}.json`;
  return parseJson(schema, (await store.get(key)) ?? new Uint8Array(), `registry ${key}`);
}

async function newestRevision(store: ObjectStore, model: string, alias: MovableAlias): Promise<Revision> {
  const folder = folderOf(model, alias);
  const number = newestNumber(await numberedNames(store, folder));
  if (number === 0) return { number, version: null, previous: null };
  return { number, ...(await readRevision(store, folder, number)) };
}

/** Versions that champion pointed at, in order, the current one last. */
export async function championHistory(store: ObjectStore, model: string): Promise<number[]> {
  const folder = folderOf(model, Alias.champion);
  const newest = newestNumber(await numberedNames(store, folder));
  const numbers = Array.from({ length: newest }, (_, i) => i + 1);
  const revisions = await Promise.all(numbers.map((number) => readRevision(store, folder, number)));
  return revisions.map(({ version: then }) => then);
}

/** The version that an alias points at, or null when it was never set. */
export async function getAlias(store: ObjectStore, model: string, alias: Alias): Promise<number | null> {
  checkAlias(alias);
  if (alias !== Alias.previous) return (await newestRevision(store, model, alias)).version;
  return (await newestRevision(store, model, Alias.champion)).previous;
}

async function checkTarget(store: ObjectStore, model: string, alias: Alias, target: number): Promise<void> {
  checkAlias(alias);
  if (alias === Alias.previous) {
    throw new InputError({
      path: 'alias',
      received: alias,
      allowed: `${Alias.champion}, ${Alias.challenger}`,
      action: 'set champion: previous then becomes the champion before it',
    });
  }
  if ((await getVersion(store, model, target)) !== null) return;
  const known = (await listVersions(store, model)).map((record) => record.version);
  throw new InputError({
    path: 'version',
    received: `${target} of ${model}`,
    allowed: known.join(', ') || 'none: no version is registered',
    action: 'register the bundle first, or name a version that exists',
  });
}

/**
 * Points an alias at a version if it points at `expected` (null: never set) now: compare-and-swap, by exclusive creation of the
 * next revision. Throws AliasConflict when it points elsewhere, InputError for an unknown version or alias. Nothing is written
 * when it points at the version already.
 */
export async function setAlias(
  store: ObjectStore,
  model: string,
  alias: MovableAlias,
  target: number,
  expected: number | null,
): Promise<void> {
  await checkTarget(store, model, alias, target);
  parseOrThrow(version.nullable(), expected, 'expected');
  for (;;) {
    const current = await newestRevision(store, model, alias);
    if (current.version !== expected) throw new AliasConflict(model, alias, expected, current.version);
    if (current.version === target) return;
    const revision = { schemaVersion: 1, version: target, previous: current.version };
    const key = `models/${model}/aliases/${alias}/${current.number + 1}.json`;
    if (await store.putIfAbsent(key, encodeJson(revision))) return;
  }
}
