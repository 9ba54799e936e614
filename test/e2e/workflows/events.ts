/** The repository whose pull requests the suite is about. */
export const repository = 'bot/shop';

/** A pull request: its number, and the branch that it comes from. */
export interface PullRequest {
  number: number;
  branch: string;
  /** Whose the branch is: that of a fork, or of the repository itself. */
  headRepository: string;
}

const base = { full_name: repository, default_branch: 'main' };

/** What GitHub hands to a workflow when a branch of a pull request was pushed: the part that workflows and commands read. */
export function pullRequestEvent({ number, branch, headRepository }: PullRequest, headSha: string, baseSha: string) {
  const from = { full_name: headRepository, fork: headRepository !== repository };
  const head = { sha: headSha, ref: branch, repo: from };
  const pull_request = { number, head, base: { sha: baseSha, ref: 'main', repo: base } };
  return { action: 'synchronize', number, pull_request, repository: base };
}

/** What GitHub hands to a workflow when that run has ended. */
export function workflowRunEvent(pull: PullRequest, headSha: string, id: number, conclusion: string) {
  const { number, branch, headRepository } = pull;
  const workflow_run = {
    id,
    name: 'ci',
    event: 'pull_request',
    conclusion,
    head_sha: headSha,
    head_branch: branch,
    head_repository: { full_name: headRepository, owner: { login: headRepository.split('/')[0] } },
    // Empty where the branch is in a fork.
    pull_requests: headRepository === repository ? [{ number }] : [],
  };
  return { action: 'completed', workflow_run, repository: base };
}
