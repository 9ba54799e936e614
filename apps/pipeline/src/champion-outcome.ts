import { StageFailure } from '@repo/contract/stage-failure';
import type { PullRequest } from '@repo/github/propose-change';
import { AliasConflict } from '@repo/registry/alias-conflict';
import type { Registry, Version } from '@repo/registry/registry';
import type { ChampionMove } from './move-champion.ts';
import type { Outcome } from './outcome.ts';

const toJson = ({ model, before, target }: ChampionMove) => ({
  model,
  version: target.version,
  digest: target.digest,
  before: before === null ? null : { version: before.version, digest: before.digest },
});

/** What is said when checkout and registry have a new champion. */
export function movedOutcome(move: ChampionMove): Outcome {
  const { model, before, target } = move;
  const stays = before === null ? '' : `; version ${before.version} stays beside it`;
  return {
    exitCode: 0,
    json: { ...toJson(move), pullRequest: null },
    text: `${model} version ${target.version} is the champion${stays}: commit models/${model}`,
  };
}

/** What is said when a pull request proposes it. */
export function proposedOutcome(move: ChampionMove, { number, url }: PullRequest): Outcome {
  const { model, target } = move;
  return {
    exitCode: 0,
    json: { ...toJson(move), pullRequest: { number, url } },
    text: `${url}\nproposes version ${target.version} as the champion of ${model}; nothing changes until it is merged`,
  };
}

/** The version is the champion in git already: git decides, so the registry follows, and nothing else is done. */
export async function alreadyChampion(registry: Registry, { model, version, digest }: Version): Promise<Outcome> {
  try {
    await registry.setAlias(model, 'champion', version, await registry.getAlias(model, 'champion'));
  } catch (error) {
    if (!(error instanceof AliasConflict)) throw error;
    throw new StageFailure(`${error.message}: another command moved it meanwhile; run this again`);
  }
  return {
    exitCode: 0,
    json: { model, version, digest, before: { version, digest }, pullRequest: null },
    text: `${model} version ${version} is the champion already`,
  };
}
