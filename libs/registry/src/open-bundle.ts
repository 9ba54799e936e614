import { randomUUID } from 'node:crypto';
import { access, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { bundleManifestSchema } from '@repo/contract/manifest';
import type { Alias } from './alias.ts';
import { getAlias } from './alias-revisions.ts';
import { getBlob } from './blobs.ts';
import { manifestFile } from './bundle-folder.ts';
import { makeFolder, syncFolder, writeSynced } from './durable-write.ts';
import { parseJson } from './json-object.ts';
import type { ObjectStore } from './object-store.ts';
import { type Bundle, readBundle } from './read-bundle.ts';
import { reportingState } from './state-error.ts';
import { getVersion, listVersions, type Version } from './versions.ts';

/** A registered bundle in a local folder, verified. */
export interface OpenBundle extends Bundle {
  readonly version: number;
}

async function resolveVersion(store: ObjectStore, model: string, reference: number | Alias): Promise<Version> {
  const number = typeof reference === 'number' ? reference : await getAlias(store, model, reference);
  const version = number === null ? null : await getVersion(store, model, number);
  if (version !== null) return version;
  const known = (await listVersions(store, model)).map((record) => record.version);
  throw new InputError({
    path: `version of ${model}`,
    received: number === null ? `${reference}, which is not set` : show(number),
    allowed: known.join(', ') || 'none: no version is registered',
    action: number === null ? 'set the alias first, or name a version' : 'name a version that exists',
  });
}

/** Writes a copy elsewhere and renames it into place whole; whoever comes second leaves the first copy where it is. */
async function checkOut(store: ObjectStore, hash: string, root: string, dir: string): Promise<void> {
  const content = await getBlob(store, hash);
  const manifest = parseJson(bundleManifestSchema, content, `registry blobs/${hash}`);
  const temporary = join(root, 'tmp', randomUUID());
  await reportingState(root, async () => {
    await makeFolder(temporary);
    await makeFolder(dirname(dir));
  });
  try {
    for (const file of manifest.files) {
      const bytes = await getBlob(store, file.sha256);
      await reportingState(root, () => writeSynced(join(temporary, file.path), bytes));
    }
    await reportingState(root, async () => {
      await writeSynced(join(temporary, manifestFile), content);
      await syncFolder(temporary);
      await rename(temporary, dir);
      await syncFolder(dirname(dir));
    });
  } catch (error) {
    if (!['EEXIST', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function isThere(dir: string): Promise<boolean> {
  try {
    await access(dir);
    return true;
  } catch {
    return false;
  }
}

/** Opens a version from its copy below `root`, made at the first time, and verifies every file, every time. */
export async function openBundle(
  store: ObjectStore,
  root: string,
  model: string,
  reference: number | Alias,
): Promise<OpenBundle> {
  const version = await resolveVersion(store, model, reference);
  const hash = version.digest.slice('sha256:'.length);
  const dir = join(root, 'bundles', hash);
  if (!(await isThere(dir))) await checkOut(store, hash, root, dir);
  const bundle = await readBundle(dir);
  if (bundle.digest === version.digest && bundle.manifest.model === model) {
    return { ...bundle, version: version.version };
  }
  throw new InputError({
    path: dir,
    received: `${bundle.digest} of ${bundle.manifest.model}`,
    allowed: `${version.digest} of ${model}`,
    action: 'delete this folder: it is a copy, and made again from the registry',
  });
}
