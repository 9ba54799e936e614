import type { Github } from './create-github.ts';

/**
 * Numbers of the open pull requests whose head is this commit, ascending. The list of all open ones is asked, since GitHub finds no pull request by a
 * commit that is in a fork only.
 */
export function openPullRequests(github: Github, headSha: string): Promise<number[]> {
  const { octokit, owner, repo } = github;
  return github.ask('pull-requests: read', async () => {
    const pulls = await octokit.paginate(octokit.rest.pulls.list, { owner, repo, state: 'open', per_page: 100 });
    return pulls
      .filter(({ head }) => head.sha === headSha)
      .map(({ number }) => number)
      .sort((a, b) => a - b);
  });
}
