import type { Github } from './create-github.ts';

/** Paths that a pull request changes, under their new and their old names, as GitHub tells them: sorted, 3,000 files at most. */
export function changedFiles({ octokit, owner, repo, ask }: Github, number: number): Promise<string[]> {
  return ask('pull-requests: read', async () => {
    const page = { owner, repo, pull_number: number, per_page: 100 };
    const files = await octokit.paginate(octokit.rest.pulls.listFiles, page);
    const paths = files.flatMap(({ filename, previous_filename: before }) => [filename, before ?? filename]);
    return [...new Set(paths)].sort();
  });
}
