import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import type { Champion } from '@repo/contract/manifest';
import { type EvidenceName, evidenceNames } from '@repo/registry/evidence-name';
import type { Bundle } from '@repo/registry/read-bundle';
import type { Registry } from '@repo/registry/registry';
import { windowOfLineage } from './window-of-lineage.ts';

/** Files by name. */
export type Files = ReadonlyMap<string, Uint8Array>;

type Evidence = ReadonlyMap<EvidenceName, Uint8Array>;

/** A version that is to be the champion, with all that is kept of it in git. */
export interface Target extends Champion {
  readonly bundle: Files;
  readonly evidence: Files;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** champion.json that pins a version, as it stands in git. */
export function championBytes({ version, digest }: Champion): Uint8Array {
  return bytes(`${canonicalJson({ version, digest })}\n`);
}

/** window.json that goes with a champion; null for one that learned from the days of its definition. Throws InputError for days that are none. */
export function windowBytes({ version, bundle }: Pick<Target, 'version' | 'bundle'>): Uint8Array | null {
  const window = windowOfLineage(bundle.get('lineage.json'), `lineage.json of version ${version}`);
  return window === null ? null : bytes(`${canonicalJson({ schemaVersion: 1, ...window })}\n`);
}

async function readOptional(path: string): Promise<Uint8Array | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return null;
  }
}

/** champion.json of a model folder as it is now; null when there is none. */
export function readChampionBytes(modelDir: string): Promise<Uint8Array | null> {
  return readOptional(join(modelDir, 'champion.json'));
}

/** Evidence of a version: what the registry holds of each name, else what lies beside its release in git. */
async function evidenceOf(
  registry: Registry,
  modelDir: string,
  { model, version }: { model: string; version: number },
  known: Evidence,
): Promise<Files> {
  const files = new Map<EvidenceName, Uint8Array>(known);
  for (const name of evidenceNames) {
    if (files.has(name)) continue;
    const held = (await registry.evidence(model, version, name))?.content;
    const content = held ?? (await readOptional(join(modelDir, 'release', `${version}.evidence`, name)));
    if (content !== null) files.set(name, content);
  }
  return files;
}

/** The whole of a registered version whose bundle was read and verified. `known` is evidence that was read before, and is not read again. */
export async function targetOf(
  registry: Registry,
  modelDir: string,
  version: number,
  { manifest, digest, contents }: Bundle,
  known: Evidence = new Map(),
): Promise<Target> {
  const bundle = new Map(Object.entries(contents)).set('manifest.json', bytes(canonicalJson(manifest)));
  return {
    version,
    digest,
    bundle,
    evidence: await evidenceOf(registry, modelDir, { model: manifest.model, version }, known),
  };
}

/** Numbers of the releases that a model folder holds, ascending. */
export async function committedReleases(modelDir: string): Promise<number[]> {
  const names = await readdir(join(modelDir, 'release')).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return [];
  });
  return names
    .filter((name) => /^[1-9]\d{0,8}$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/**
 * What changes in a model folder when `target` takes the place of `before`, by path below it; null removes a folder. Git keeps two releases,
 * the champion and the one that it took the place of: so going back changes champion.json and needs no download, and the folder does not
 * grow. Older ones stay in the history and in the registry.
 */
export async function championFiles(
  modelDir: string,
  before: Champion | null,
  target: Target,
): Promise<Map<string, Uint8Array | null>> {
  const files = new Map<string, Uint8Array | null>([['champion.json', championBytes(target)]]);
  const window = windowBytes(target);
  if (window !== null || existsSync(join(modelDir, 'window.json'))) files.set('window.json', window);
  for (const [name, content] of target.bundle) files.set(`release/${target.version}/${name}`, content);
  for (const [name, content] of target.evidence) files.set(`release/${target.version}.evidence/${name}`, content);
  for (const version of await committedReleases(modelDir)) {
    if (version === target.version || version === before?.version) continue;
    files.set(`release/${version}`, null).set(`release/${version}.evidence`, null);
  }
  return files;
}
