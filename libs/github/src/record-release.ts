import { InputError, show } from '@repo/contract/input-error';
import type { Champion } from '@repo/contract/manifest';
import type { Github } from './create-github.ts';
import { createOnce } from './create-once.ts';
import { statusOf } from './github-error.ts';
import { withinLimit } from './github-limits.ts';

/** A version that a release made the one that serves. */
export interface ReleaseRecord extends Champion {
  readonly model: string;
  /** Commit that was released, 40 hexadecimal digits. */
  readonly commit: string;
  /** Whether it serves where releases end; one on the way there is recorded as a prerelease. */
  readonly isFinal: boolean;
  /** Markdown: by what evidence. */
  readonly body: string;
  /** Whether somebody judged it this time. Evidence of an earlier release of the version is not lost to one that nobody judged, as after a revert. */
  readonly isJudged: boolean;
}

interface ApiRelease {
  readonly id: number;
  readonly html_url: string;
  readonly body?: string | null | undefined;
  readonly prerelease: boolean;
}

const needs = 'contents: write';
const request = { retries: 0 };

/** First line of our releases, which GitHub does not show. It says which bundle the version is. */
const markerOf = ({ digest }: Champion): string => `<!-- causeway:release ${digest} -->`;
const anyMarker = /^<!-- causeway:release (sha256:[0-9a-f]{64}) -->/;

/** The tag of a version: `models/<name>/v<version>`. */
const tagOf = ({ model, version }: ReleaseRecord): string => `models/${model}/v${version}`;

async function find({ octokit, owner, repo }: Github, tag: string): Promise<ApiRelease | null> {
  try {
    return (await octokit.rest.repos.getReleaseByTag({ owner, repo, tag })).data;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Creates it; one that somebody made at the same moment is taken instead. */
async function create(github: Github, record: ReleaseRecord, body: string): Promise<ApiRelease> {
  const { octokit, owner, repo } = github;
  const { model, version, commit, isFinal } = record;
  const named = { tag_name: tagOf(record), target_commitish: commit, name: `${model} version ${version}` };
  try {
    // `latest` is a word about a repository; here each model has its own.
    const kind = { prerelease: !isFinal, make_latest: 'false' } as const;
    return (await octokit.rest.repos.createRelease({ owner, repo, ...named, ...kind, body, request })).data;
  } catch (error) {
    const there = statusOf(error) === 422 ? await find(github, tagOf(record)) : null;
    if (there === null) throw error;
    return there;
  }
}

/** A version is one bundle for ever; another under its name is a sign that one of the two was not made here. */
function requireSameBundle(record: ReleaseRecord, recorded: string): void {
  if (recorded === record.digest) return;
  throw new InputError({
    path: `release ${tagOf(record)}`,
    received: show(record.digest),
    allowed: `${recorded}, which is recorded under this tag`,
    action: 'find out which of the two it is; a version never changes',
  });
}

/**
 * Records on GitHub that a version serves: the release of the tag `models/<name>/v<version>`, a prerelease until it serves where releases end. Again it is
 * the same release: newer evidence replaces older, where there is some, a final one never becomes a prerelease, and one that a person made under that
 * tag is left as it is. Needs `contents: write`. Throws InputError for what GitHub refuses, and when another bundle is recorded as this version.
 */
export function recordRelease(github: Github, record: ReleaseRecord): Promise<{ tag: string; url: string }> {
  const { octokit, owner, repo } = github;
  const tag = tagOf(record);
  const body = withinLimit(`${markerOf(record)}\n${record.body}`);
  return github.ask(needs, async () => {
    const release = await createOnce(
      () => find(github, tag),
      () => create(github, record, body),
    );
    const recorded = anyMarker.exec(release.body ?? '')?.[1];
    const answer = { tag, url: release.html_url };
    if (recorded === undefined) return answer;
    requireSameBundle(record, recorded);
    const isDemoted = !release.prerelease && !record.isFinal;
    const newest = record.isJudged ? body : (release.body ?? body);
    if (isDemoted || (release.body === newest && release.prerelease === !record.isFinal)) return answer;
    const change = { owner, repo, release_id: release.id, body: newest, prerelease: !record.isFinal };
    await octokit.rest.repos.updateRelease(change);
    return answer;
  });
}
