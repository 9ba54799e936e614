import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Champion } from '@repo/contract/manifest';
import { StageFailure } from '@repo/contract/stage-failure';
import { AliasConflict } from '@repo/registry/alias-conflict';
import { syncFolder, writeSynced } from '@repo/registry/durable-write';
import type { Registry } from '@repo/registry/registry';
import writeFileAtomic from 'write-file-atomic';
import {
  championBytes,
  committedReleases,
  type Files,
  readChampionBytes,
  type Target,
  windowBytes,
} from './champion-change.ts';
import { replaceFolder } from './replace-folder.ts';

/** Who moves from what to what. */
export interface ChampionMove {
  readonly model: string;
  readonly modelDir: string;
  /** The champion in git; null for none. */
  readonly before: Champion | null;
  /** Content of champion.json that `before` was read from. */
  readonly beforeBytes: Uint8Array | null;
  readonly target: Target;
}

function movedMeanwhile(model: string, current: number | null, before: Champion | null): StageFailure {
  const follow =
    before === null
      ? ''
      : ` (or, if this checkout is right, causeway promote ${model} --version ${before.version} tells the registry so)`;
  const held = `received version ${current ?? 'none'} in the registry; champion.json says ${before?.version ?? 'none'}`;
  return new StageFailure(
    `champion of ${model}: ${held}: another promotion was faster; take over its champion.json, then decide again${follow}`,
  );
}

/** Points the alias at the target if it points at what git says. A registry that was never told takes over git's word first. */
async function moveAlias(registry: Registry, { model, before, target }: ChampionMove): Promise<void> {
  let current = await registry.getAlias(model, 'champion');
  if (current === target.version) return;
  try {
    if (current === null && before !== null) {
      await registry.setAlias(model, 'champion', before.version, null);
      current = before.version;
    }
    if (current !== (before?.version ?? null)) throw movedMeanwhile(model, current, before);
    await registry.setAlias(model, 'champion', target.version, current);
  } catch (error) {
    if (!(error instanceof AliasConflict)) throw error;
    if (error.current !== target.version) throw movedMeanwhile(model, error.current, before);
  }
}

/** Lays files into a folder; one that holds them already is left as it is. */
async function lay(folder: string, files: Files): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  const held = await Promise.all([...files.keys()].map((name) => readFile(join(folder, name)).catch(() => null)));
  const isHeld = [...files.values()].every((content, i) => isSame(held[i] ?? null, content));
  if (isHeld && names.length === files.size) return;
  await replaceFolder(folder, async (part) => {
    for (const [name, content] of files) await writeSynced(join(part, name), content);
    await syncFolder(part);
  });
}

function isSame(one: Uint8Array | null, other: Uint8Array | null): boolean {
  return one === null || other === null ? one === other : Buffer.from(one).equals(other);
}

/** Asked before the registry is told anything, and again right before champion.json is replaced. */
async function requireUnchanged({ model, modelDir, beforeBytes }: ChampionMove): Promise<void> {
  if (isSame(await readChampionBytes(modelDir), beforeBytes)) return;
  throw new StageFailure(
    `models/${model}/champion.json changed while this ran: look at what it says now, then decide again`,
  );
}

/**
 * Makes the target the champion in this checkout and in the registry: release and evidence are laid beside the old ones, the alias moves by
 * compare-and-swap, window.json follows the lineage of the target, champion.json is replaced by compare-and-swap, and only then go the releases that no way back needs. Killed at any
 * point, the champion in git is whole, and repeating it completes it. Throws StageFailure, and takes back what it laid there, when
 * somebody else moved the champion meanwhile.
 */
export async function moveChampion(registry: Registry, move: ChampionMove): Promise<void> {
  const { modelDir, before, target } = move;
  const release = join(modelDir, 'release', String(target.version));
  const folders = [
    { path: release, files: target.bundle, isNew: !existsSync(release) },
    { path: `${release}.evidence`, files: target.evidence, isNew: !existsSync(`${release}.evidence`) },
  ].filter(({ files }) => files.size > 0);
  for (const { path, files } of folders) await lay(path, files);
  try {
    await requireUnchanged(move);
    await moveAlias(registry, move);
    await requireUnchanged(move);
  } catch (error) {
    for (const { path, isNew } of folders) if (isNew) await rm(path, { recursive: true, force: true });
    throw error;
  }
  const window = windowBytes(target);
  const windowPath = join(modelDir, 'window.json');
  await (window === null ? rm(windowPath, { force: true }) : writeFileAtomic(windowPath, Buffer.from(window)));
  await writeFileAtomic(join(modelDir, 'champion.json'), Buffer.from(championBytes(target)));
  for (const version of await committedReleases(modelDir)) {
    if (version === target.version || version === before?.version) continue;
    const old = join(modelDir, 'release', String(version));
    for (const path of [old, `${old}.evidence`]) await rm(path, { recursive: true, force: true });
  }
}
