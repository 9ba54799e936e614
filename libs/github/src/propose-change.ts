import { BaseMoved } from './base-moved.ts';
import { type Branch, filesBelow, readBranch } from './branch-files.ts';
import type { Github } from './create-github.ts';
import { createOnce } from './create-once.ts';
import { gitBlobSha } from './git-blob-sha.ts';
import { statusOf } from './github-error.ts';
import { plainTitle, withinLimit } from './github-limits.ts';

/** Files of one folder that are to be written or, where null, removed. */
export interface ProposedChange {
  readonly branch: string;
  readonly title: string;
  /** Markdown. */
  readonly body: string;
  /** Folder that all the files lie in, such as `models/flight-delay`. */
  readonly folder: string;
  /** By path in the repository. Null removes a file, or all below a folder. */
  readonly files: ReadonlyMap<string, Uint8Array | null>;
  /** A file that must still be this on the base branch (null: absent), or the change is refused. */
  readonly startsFrom: { readonly path: string; readonly content: Uint8Array | null };
}

/** A pull request that is open. */
export interface PullRequest {
  readonly number: number;
  readonly url: string;
}

interface ApiPullRequest {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly body: string | null;
}

type Names = ReadonlyMap<string, string>;

const needs = 'contents: write and pull-requests: write';
const request = { retries: 0 };

/** Paths that differ from the wish, with the content wished for; null for those to remove. */
function differences({ files }: ProposedChange, there: Names): Map<string, Uint8Array | null> {
  const found = new Map<string, Uint8Array | null>();
  for (const [path, content] of files) {
    if (content !== null && there.get(path) !== gitBlobSha(content)) found.set(path, content);
    if (content !== null) continue;
    for (const file of there.keys()) if (file === path || file.startsWith(`${path}/`)) found.set(file, null);
  }
  return found;
}

/** Text as UTF-8 that comes back byte for byte; null for anything else. */
function textOf(content: Uint8Array): string | null {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

async function treeEntry({ octokit, owner, repo }: Github, path: string, content: Uint8Array | null) {
  const file = { path, mode: '100644', type: 'blob' } as const;
  if (content === null) return { ...file, sha: null };
  const text = textOf(content);
  if (text !== null) return { ...file, content: text };
  const base64 = Buffer.from(content).toString('base64');
  const { sha } = (await octokit.rest.git.createBlob({ owner, repo, content: base64, encoding: 'base64' })).data;
  return { ...file, sha };
}

/**
 * Commits the wish onto the base branch. A branch that is there already is gone on from, and takes the base branch in: what anybody pushed to it
 * stays in its history, and it is never forced.
 */
async function commitTo(github: Github, change: ProposedChange, base: Branch, branch: Branch | null): Promise<void> {
  const { octokit, owner, repo } = github;
  const tree = [];
  for (const [path, content] of differences(change, await filesBelow(github, base.treeSha, change.folder)))
    tree.push(await treeEntry(github, path, content));
  const made = (await octokit.rest.git.createTree({ owner, repo, base_tree: base.treeSha, tree })).data;
  const parents = branch === null ? [base.sha] : [branch.sha, base.sha];
  const message = plainTitle(change.title);
  const { sha } = (await octokit.rest.git.createCommit({ owner, repo, message, tree: made.sha, parents })).data;
  if (branch === null) await octokit.rest.git.createRef({ owner, repo, ref: `refs/heads/${change.branch}`, sha });
  else await octokit.rest.git.updateRef({ owner, repo, ref: `heads/${change.branch}`, sha });
}

async function openPull({ octokit, owner, repo }: Github, branch: string): Promise<ApiPullRequest | null> {
  const head = `${owner}:${branch}`;
  return (await octokit.rest.pulls.list({ owner, repo, state: 'open', head })).data[0] ?? null;
}

async function write(github: Github, change: ProposedChange): Promise<PullRequest> {
  const { octokit, owner, repo } = github;
  const { default_branch: baseName } = (await octokit.rest.repos.get({ owner, repo })).data;
  const base = await readBranch(github, baseName);
  const { path, content } = change.startsFrom;
  const there = base === null ? new Map() : await filesBelow(github, base.treeSha, change.folder);
  if (base === null || there.get(path) !== (content === null ? undefined : gitBlobSha(content)))
    throw new BaseMoved(path, baseName);
  const branch = await readBranch(github, change.branch);
  const open = await openPull(github, change.branch);
  const isDone =
    open !== null &&
    branch !== null &&
    differences(change, await filesBelow(github, branch.treeSha, change.folder)).size === 0;
  if (!isDone) await commitTo(github, change, base, branch);
  const text = { title: plainTitle(change.title), body: withinLimit(change.body) };
  const create = async (): Promise<ApiPullRequest> =>
    (await octokit.rest.pulls.create({ owner, repo, ...text, head: change.branch, base: baseName, request })).data;
  const pull = open ?? (await createOnce(() => openPull(github, change.branch), create));
  if (pull.body !== text.body || pull.title !== text.title)
    await octokit.rest.pulls.update({ owner, repo, pull_number: pull.number, ...text });
  return { number: pull.number, url: pull.html_url };
}

/**
 * Proposes a change of files as a pull request against the default branch, by one commit through the git data API. The same branch and
 * pull request are found again: the same change does nothing, another one is committed on top and replaces title and body. Throws BaseMoved when
 * the file that it starts from is another there by now, InputError for what GitHub refuses.
 */
export function proposeChange(github: Github, change: ProposedChange): Promise<PullRequest> {
  return github.ask(needs, async () => {
    try {
      return await write(github, change);
    } catch (error) {
      // Somebody made the branch or moved it at the same moment: what they made is looked at.
      if (statusOf(error) !== 422) throw error;
      return write(github, change);
    }
  });
}
