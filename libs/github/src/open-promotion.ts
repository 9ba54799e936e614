import type { Github } from './create-github.ts';
import { type PullRequest, proposeChange } from './propose-change.ts';

/** A champion to be, as files of the repository. */
export interface ChampionChange {
  readonly model: string;
  readonly version: number;
  /** Content of champion.json that the change starts from; null where the model has no champion. */
  readonly before: Uint8Array | null;
  /** By path below the model's folder, champion.json among them. Null removes a file, or all below a folder. */
  readonly files: ReadonlyMap<string, Uint8Array | null>;
  /** Markdown: why. */
  readonly body: string;
}

/** The same change by paths of the repository. */
export function inRepository({ model, before, files }: ChampionChange) {
  const folder = `models/${model}`;
  return {
    folder,
    files: new Map([...files].map(([path, content]) => [`${folder}/${path}`, content])),
    startsFrom: { path: `${folder}/champion.json`, content: before },
  };
}

/**
 * Opens the pull request that makes a version the champion, `promote/<model>-v<version>`: champion.json, its release and the evidence in one commit,
 * the report as its body. Whoever merges it promotes. Repeating it finds the same one. Throws BaseMoved when the default branch has
 * another champion by now, InputError for what GitHub refuses.
 */
export function openPromotion(github: Github, change: ChampionChange): Promise<PullRequest> {
  const { model, version, body } = change;
  return proposeChange(github, {
    ...inRepository(change),
    branch: `promote/${model}-v${version}`,
    title: `models: promote ${model} to version ${version}`,
    body,
  });
}
