import type { Github } from './create-github.ts';
import { type ChampionChange, inRepository } from './open-promotion.ts';
import { type PullRequest, proposeChange } from './propose-change.ts';

/**
 * Opens the pull request that brings a model back to the champion it had before, `rollback/<model>-v<version>`: its champion.json and, where the
 * default branch has it no longer, its release. Repeating it finds the same one. Throws BaseMoved when the default branch has another
 * champion by now, InputError for what GitHub refuses.
 */
export function openRevert(github: Github, change: ChampionChange): Promise<PullRequest> {
  const { model, version, body } = change;
  return proposeChange(github, {
    ...inRepository(change),
    branch: `rollback/${model}-v${version}`,
    title: `models: roll ${model} back to version ${version}`,
    body,
  });
}
