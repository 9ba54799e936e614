import { InputError } from '@repo/contract/input-error';
import { StageFailure } from '@repo/contract/stage-failure';
import { BaseMoved } from '@repo/github/base-moved';
import { createGithub, type GithubOptions } from '@repo/github/create-github';
import { openPromotion } from '@repo/github/open-promotion';
import { openRevert } from '@repo/github/open-revert';
import type { PullRequest } from '@repo/github/propose-change';
import { championFiles } from './champion-change.ts';
import type { ChampionMove } from './move-champion.ts';
import type { Progress } from './progress.ts';

/**
 * Proposes a move of the champion as a pull request, with `body` as its text. Neither this checkout nor the registry changes: whoever merges
 * decides, and the registry follows the commit when a service starts from it. Throws StageFailure when the default branch has another
 * champion than this checkout, InputError for what GitHub refuses.
 */
export async function proposeChampion(
  access: GithubOptions,
  progress: Progress,
  kind: 'promotion' | 'revert',
  move: ChampionMove,
  body: string,
): Promise<PullRequest> {
  const { model, modelDir, before, beforeBytes, target } = move;
  const files = await championFiles(modelDir, before, target);
  const open = kind === 'promotion' ? openPromotion : openRevert;
  try {
    return await open(createGithub(access), { model, version: target.version, before: beforeBytes, files, body });
  } catch (error) {
    if (error instanceof BaseMoved) throw new StageFailure(error.message);
    if (error instanceof InputError) progress.line('nothing was changed in this checkout and in the registry');
    throw error;
  }
}
