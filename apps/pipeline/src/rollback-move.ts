import { join } from 'node:path';
import { StageFailure } from '@repo/contract/stage-failure';
import { type Bundle, readBundle } from '@repo/registry/read-bundle';
import type { Registry } from '@repo/registry/registry';
import { type CommittedBundle, verifyCommitted } from '@repo/registry/verify-committed';
import { committedReleases, readChampionBytes, targetOf } from './champion-change.ts';
import type { ChampionMove } from './move-champion.ts';

/** A way back: there is always a champion to go back from. */
export interface RollbackMove extends ChampionMove {
  readonly before: CommittedBundle;
}

/** Champions one above the other: one that came back stands where it stood, and what came after it is gone. */
function stackOf(history: readonly number[]): number[] {
  const stack: number[] = [];
  for (const version of history) {
    const at = stack.indexOf(version);
    if (at < 0) stack.push(version);
    else stack.length = at + 1;
  }
  return stack;
}

/**
 * The version to go back to: the champion that this one took the place of, so that going back twice goes back twice and never forth again. A
 * registry that does not know, such as that of a fresh clone, leaves it to the older release that git keeps.
 */
async function previousOf(registry: Registry, modelDir: string, { model, version }: CommittedBundle): Promise<number> {
  const stack = stackOf(await registry.championHistory(model));
  const older = (await committedReleases(modelDir)).filter((number) => number < version);
  const previous = (stack.at(-1) === version ? stack.at(-2) : undefined) ?? older.at(-1);
  if (previous !== undefined) return previous;
  throw new StageFailure(
    `${model} has no champion before version ${version}: neither the registry nor models/${model}/release knows one; name a version with --version`,
  );
}

/** Verifies that a version was champion once and opens it: from git where its release is kept, else from the registry. */
async function openFormer(registry: Registry, model: string, modelDir: string, version: number): Promise<Bundle> {
  if ((await committedReleases(modelDir)).includes(version)) {
    const bundle = await readBundle(join(modelDir, 'release', String(version)));
    await registry.importVersion(model, version, bundle.dir);
    return bundle;
  }
  const bundle = await registry.openBundle(model, version);
  if ((await registry.championHistory(model)).includes(version)) return bundle;
  throw new StageFailure(
    `${model} version ${version} was never the champion: only causeway promote ${model} --version ${version} makes it one, by its report`,
  );
}

/**
 * Verifies and lays out the way back from the champion of a checkout: to `version`, or with null to the champion before it. Changes nothing but the
 * registry, which learns what git knows. Throws StageFailure when there is no champion to go back from or to, InputError for a version that
 * does not exist or is damaged.
 */
export async function rollbackMove(
  registry: Registry,
  model: string,
  modelDir: string,
  version: number | null,
): Promise<RollbackMove> {
  const beforeBytes = await readChampionBytes(modelDir);
  const before = await verifyCommitted(modelDir);
  if (before === null) {
    throw new StageFailure(`${model} has no champion to roll back: champion.json is not there; restore it from git`);
  }
  await registry.importVersion(model, before.version, before.dir);
  const to = version ?? (await previousOf(registry, modelDir, before));
  const bundle = to === before.version ? before : await openFormer(registry, model, modelDir, to);
  return { model, modelDir, before, beforeBytes, target: await targetOf(registry, modelDir, to, bundle) };
}
