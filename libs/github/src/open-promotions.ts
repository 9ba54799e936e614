import type { Github } from './create-github.ts';

/** A pull request that makes a version of a model its champion once somebody merges it. */
export interface OpenPromotion {
  readonly number: number;
  /** Its branch, such as promote/flight-delay-v3. */
  readonly branch: string;
}

/** The open promotions of a model, oldest first: told by their branch in this repository; a branch of a fork is nobody's promotion. */
export function openPromotions(github: Github, model: string): Promise<OpenPromotion[]> {
  const { octokit, owner, repo } = github;
  const begin = `promote/${model}-v`;
  return github.ask('pull-requests: read', async () => {
    const pulls = await octokit.paginate(octokit.rest.pulls.list, { owner, repo, state: 'open', per_page: 100 });
    return pulls
      .filter(({ head }) => head.repo?.full_name.toLowerCase() === `${owner}/${repo}`.toLowerCase())
      .map(({ number, head }) => ({ number, branch: head.ref }))
      .filter(({ branch }) => branch.startsWith(begin) && /^\d+$/.test(branch.slice(begin.length)))
      .sort((a, b) => a.number - b.number);
  });
}
