import { createRegistry } from '@repo/registry/registry';
import { alreadyChampion, movedOutcome, proposedOutcome } from '../champion-outcome.ts';
import type { Context } from '../context.ts';
import { moveChampion } from '../move-champion.ts';
import type { Outcome } from '../outcome.ts';
import { proposeChampion } from '../propose-champion.ts';
import { revertBody } from '../revert-body.ts';
import { rollbackMove } from '../rollback-move.ts';

export interface RollbackOptions {
  /** Null: the champion before this one. */
  version: number | null;
}

/**
 * `causeway rollback <model> [--version <n>]`: goes back to the champion before, or to an earlier one. With GITHUB_TOKEN and GITHUB_REPOSITORY
 * it opens the pull request that does so; else it changes this checkout and the registry. Throws StageFailure when there is no champion
 * to go back from or to, InputError for a version that does not exist or is damaged.
 */
export async function rollbackVerb(context: Context, name: string, options: RollbackOptions): Promise<Outcome> {
  const { workspace, stateUrl, progress } = context;
  const access = context.githubAccess();
  const registry = createRegistry(stateUrl, workspace.root);
  const move = await rollbackMove(registry, name, workspace.modelDir(name), options.version);
  if (move.before.version === move.target.version) return alreadyChampion(registry, move.before);
  if (access !== null)
    return proposedOutcome(move, await proposeChampion(access, progress, 'revert', move, revertBody(move)));
  await moveChampion(registry, move);
  return movedOutcome(move);
}
