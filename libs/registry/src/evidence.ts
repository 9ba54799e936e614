import { InputError, show } from '@repo/contract/input-error';
import { championSchema } from '@repo/contract/manifest';
import { z } from 'zod';
import { getBlob, putBlob } from './blobs.ts';
import { checkEvidence, type EvidenceName, evidenceNames } from './evidence-name.ts';
import { encodeJson, parseJson } from './json-object.ts';
import { newestNumber, numberedNames } from './numbered-names.ts';
import type { ObjectStore } from './object-store.ts';
import { getVersion, type Version } from './versions.ts';

/** What one revision of a piece of evidence says: whose it is, and which blob. */
const schema = z.strictObject({
  schemaVersion: z.literal(1),
  /** Digest of the bundle that it is about. */
  subject: championSchema.shape.digest,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** A piece of evidence as it is now. */
export interface Evidence {
  readonly content: Uint8Array;
  /** Its place in the history of this name, from 1. */
  readonly revision: number;
}

const folderOf = ({ model, version }: Version, name: EvidenceName) => `models/${model}/evidence/${version}/${name}`;

async function existing(store: ObjectStore, model: string, number: number): Promise<Version> {
  const version = await getVersion(store, model, number);
  if (version !== null) return version;
  throw new InputError({
    path: 'version',
    received: `${number} of ${model}`,
    allowed: 'a version that is registered',
    action: 'register the bundle first, or name a version that exists',
  });
}

async function newest(store: ObjectStore, version: Version, name: EvidenceName) {
  const folder = folderOf(version, name);
  const number = newestNumber(await numberedNames(store, folder));
  if (number === 0) return { number, sha256: null };
  const key = `${folder}/${number}.json`;
  const { subject, sha256 } = parseJson(schema, (await store.get(key)) ?? new Uint8Array(), `registry ${key}`);
  if (subject === version.digest) return { number, sha256 };
  throw new InputError({
    path: `registry ${key}`,
    received: `evidence about ${subject}`,
    allowed: `about ${version.digest}, the digest of version ${version.version}`,
    action: 'the registry is damaged: restore this file from a backup',
  });
}

function checkName(name: string): asserts name is EvidenceName {
  if (evidenceNames.some((known) => known === name)) return;
  throw new InputError({
    path: 'evidence',
    received: show(name),
    allowed: evidenceNames.join(', '),
    action: 'correct the name',
  });
}

/**
 * Attaches evidence to a version, as the next revision of that name; the content that is there already is not written again. The blob
 * comes before the record that names it, so that a process killed on the way leaves nothing to be seen.
 */
export async function attachEvidence(
  store: ObjectStore,
  model: string,
  version: number,
  name: EvidenceName,
  content: Uint8Array,
): Promise<{ revision: number; created: boolean }> {
  checkName(name);
  const record = await existing(store, model, version);
  checkEvidence(name, content, record);
  const hash = await putBlob(store, content);
  for (;;) {
    const { number, sha256 } = await newest(store, record, name);
    if (sha256 === hash) return { revision: number, created: false };
    const key = `${folderOf(record, name)}/${number + 1}.json`;
    const revision = { schemaVersion: 1, subject: record.digest, sha256: hash };
    if (await store.putIfAbsent(key, encodeJson(revision))) return { revision: number + 1, created: true };
  }
}

/** The newest evidence of that name, verified; null when none was attached. Throws InputError for an unknown version or a damaged registry. */
export async function getEvidence(
  store: ObjectStore,
  model: string,
  version: number,
  name: EvidenceName,
): Promise<Evidence | null> {
  checkName(name);
  const { number, sha256 } = await newest(store, await existing(store, model, version), name);
  return sha256 === null ? null : { content: await getBlob(store, sha256), revision: number };
}
