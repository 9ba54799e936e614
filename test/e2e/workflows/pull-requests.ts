import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulateGithub } from '@repo/github/fixtures/emulated-github';
import { showCurrentHeads } from './current-heads.ts';
import { runWorkflow, type WorkflowRun } from './run-workflow.ts';
import { createSmallWorkspace } from './small-workspace.ts';

const repository = 'bot/shop';

/** A pull request: its number, and the branch that it comes from. */
export interface PullRequest {
  number: number;
  branch: string;
  /** Whose the branch is: that of a fork, or of the repository itself. */
  headRepository: string;
}

/** What a push to a pull request led to. */
export interface Pushed {
  headSha: string;
  ci: WorkflowRun;
  report: WorkflowRun;
  /** Conclusions of the check runs that somebody wrote on the head commit, by name. */
  checks: Record<string, string | null>;
  /** Bodies of the comments on the pull request, oldest first. */
  comments: string[];
}

/**
 * A bare repository with a small workspace on main, an emulated GitHub that knows of its pull requests, and the machinery between
 * the two: a push runs ci.yml as the pull request has it, with no token, and when that has ended report.yml as main has it.
 */
export async function createPullRequests() {
  const workspace = await createSmallWorkspace();
  const github = await emulateGithub();
  const heads = new Map<string, string>();
  const front = await showCurrentHeads(github.access.apiUrl, heads);
  const folder = mkdtempSync(join(tmpdir(), 'pulls-'));
  const bare = join(folder, 'shop.git');
  const mainSha = workspace.git('rev-parse', 'main');
  let runs = 0;
  execFileSync('git', ['clone', '-q', '--bare', workspace.root, bare]);
  workspace.git('remote', 'add', 'origin', bare);

  const checkOut = (branch: string): string => {
    const checkout = mkdtempSync(join(folder, 'checkout-'));
    execFileSync('git', ['clone', '-q', '--branch', branch, bare, checkout]);
    return checkout;
  };
  const environment = { GITHUB_REPOSITORY: repository, GITHUB_API_URL: front.url };
  const common = { storage: folder, environment };
  const repo = { full_name: repository, default_branch: 'main' };

  async function run(pull: PullRequest, headSha: string) {
    const { number, branch, headRepository } = pull;
    runs += 1;
    const runId = String(runs);
    const head = {
      sha: headSha,
      ref: branch,
      repo: { full_name: headRepository, fork: headRepository !== repository },
    };
    const pull_request = { number, head, base: { sha: mainSha, ref: 'main', repo } };
    const ci = await runWorkflow({
      ...common,
      checkout: checkOut(branch),
      workflow: 'ci.yml',
      eventName: 'pull_request',
      event: { action: 'synchronize', number, pull_request, repository: repo },
      runId,
    });
    const [owner] = headRepository.split('/');
    const workflow_run = {
      id: Number(runId),
      name: 'ci',
      event: 'pull_request',
      conclusion: ci.conclusion,
      head_sha: headSha,
      head_branch: branch,
      head_repository: { full_name: headRepository, owner: { login: owner } },
      // Empty where the branch is in a fork.
      pull_requests: headRepository === repository ? [{ number }] : [],
    };
    const report = await runWorkflow({
      ...common,
      checkout: checkOut('main'),
      workflow: 'report.yml',
      eventName: 'workflow_run',
      event: { action: 'completed', workflow_run, repository: repo },
      runId: `${runId}0`,
      token: github.access.token,
    });
    return { ci, report };
  }

  return {
    workspace,
    /** Opens a pull request from a new branch off main. */
    open: async (branch: string, headRepository = repository): Promise<PullRequest> => {
      workspace.git('checkout', '-q', '-b', branch, 'main');
      await github.commit(branch, { 'branch.txt': branch });
      return { number: await github.openPull(branch), branch, headRepository };
    },
    /** Commits what `change` does to the branch of a pull request, pushes it, and lets the workflows run. */
    push: async (pull: PullRequest, change: () => void): Promise<Pushed> => {
      workspace.git('checkout', '-q', pull.branch);
      change();
      workspace.git('push', '-q', 'origin', `${workspace.commit('change')}:refs/heads/${pull.branch}`);
      const headSha = await github.commit(pull.branch, { 'branch.txt': `${pull.branch} ${runs}` });
      heads.set(pull.branch, headSha);
      const { ci, report } = await run(pull, headSha);
      const { data } = await github.github.octokit.rest.checks.listForRef({ owner: 'bot', repo: 'shop', ref: headSha });
      const checks = Object.fromEntries(data.check_runs.map(({ name, conclusion }) => [name, conclusion]));
      return { headSha, ci, report, checks, comments: await github.commentsOf(pull.number) };
    },
    remove: (): void => {
      front.close();
      workspace.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
