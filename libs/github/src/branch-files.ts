import type { Github } from './create-github.ts';
import { statusOf } from './github-error.ts';

/** A branch as it is now. */
export interface Branch {
  /** Its newest commit. */
  readonly sha: string;
  readonly treeSha: string;
}

/** The newest commit of a branch, or null when there is no such branch. */
export async function readBranch({ octokit, owner, repo }: Github, name: string): Promise<Branch | null> {
  try {
    const { object } = (await octokit.rest.git.getRef({ owner, repo, ref: `heads/${name}` })).data;
    const { tree } = (await octokit.rest.git.getCommit({ owner, repo, commit_sha: object.sha })).data;
    return { sha: object.sha, treeSha: tree.sha };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/**
 * Git's names of the files below a folder of a tree, by path in the repository; none where there is no such folder. Only the folder
 * is listed whole: the list of a large repository would be cut.
 */
export async function filesBelow(
  { octokit, owner, repo }: Github,
  treeSha: string,
  folder: string,
): Promise<Map<string, string>> {
  let sha = treeSha;
  for (const name of folder.split('/')) {
    const { tree } = (await octokit.rest.git.getTree({ owner, repo, tree_sha: sha })).data;
    const entry = tree.find(({ path, type }) => path === name && type === 'tree');
    if (entry === undefined) return new Map();
    sha = entry.sha;
  }
  const { tree } = (await octokit.rest.git.getTree({ owner, repo, tree_sha: sha, recursive: 'true' })).data;
  return new Map(tree.filter(({ type }) => type === 'blob').map((entry) => [`${folder}/${entry.path}`, entry.sha]));
}
