import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { digestOf } from '@repo/contract/canonical-json';
import { InputError, show } from '@repo/contract/input-error';
import { type SnapshotManifest, snapshotManifestSchema } from '@repo/contract/manifest';
import { parseOrThrow } from '@repo/contract/parse';

/** The files of a snapshot's folder. */
export const snapshotFiles = { data: 'data.parquet', manifest: 'manifest.json' } as const;

/** A snapshot whose files are what its manifest says. */
export interface Snapshot {
  manifest: SnapshotManifest;
  /** `sha256:` digest of the canonical manifest: the version of the data. */
  digest: string;
  /** Path of the Parquet file with the rows. */
  dataPath: string;
}

/** SHA-256 of a file in hexadecimal, streamed. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function refuse(path: string, received: string, allowed: string): never {
  throw new InputError({ path, received, allowed, action: 'run ingest again' });
}

function readManifest(path: string): SnapshotManifest {
  if (!existsSync(path)) refuse(path, 'no such file', 'the manifest of a snapshot');
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    refuse(path, 'text that is not JSON', 'the manifest of a snapshot');
  }
  return parseOrThrow(snapshotManifestSchema, value, path);
}

/**
 * Reads a snapshot and verifies every file against its manifest. Throws InputError for a missing, cut off or edited file, and for a
 * manifest that is not one.
 */
export async function readSnapshot(dir: string): Promise<Snapshot> {
  const manifest = readManifest(join(dir, snapshotFiles.manifest));
  const names = manifest.files.map((file) => file.path);
  if (names.length !== 1 || names[0] !== snapshotFiles.data)
    refuse(join(dir, snapshotFiles.manifest), show(names), `the file ${snapshotFiles.data} alone`);
  for (const file of manifest.files) {
    const path = join(dir, file.path);
    if (!existsSync(path)) refuse(path, 'no such file', `a file of ${file.bytes} bytes`);
    const { size } = statSync(path);
    if (size !== file.bytes) refuse(path, `${size} bytes`, `${file.bytes} bytes, as in the manifest`);
    const sha256 = await fileSha256(path);
    if (sha256 !== file.sha256) refuse(path, `sha256 ${sha256}`, `sha256 ${file.sha256}, as in the manifest`);
  }
  return { manifest, digest: digestOf(manifest), dataPath: join(dir, snapshotFiles.data) };
}
