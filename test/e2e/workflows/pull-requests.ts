import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulateGithub } from '@repo/github/fixtures/emulated-github';
import { showCurrentHeads } from './current-heads.ts';
import { type PullRequest, pullRequestEvent, repository, workflowRunEvent } from './events.ts';
import { finishBoard } from './finish-board.ts';
import { runWorkflow, type WorkflowRun } from './run-workflow.ts';
import { createSmallWorkspace } from './small-workspace.ts';

/** What a pull request shows of its newest commit. */
export interface Shown {
  /** The run of report.yml. */
  report: WorkflowRun;
  /** Conclusions of the check runs on the commit, by name. */
  checks: Record<string, string | null>;
  /** The comments, oldest first. */
  comments: { id: number; body?: string | undefined }[];
}

/** What a push to a pull request led to. */
export interface Pushed extends Shown {
  headSha: string;
  ci: WorkflowRun;
  /** What ci.yml left for report.yml; null where no model was judged. */
  envelope: string | null;
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
  const artifacts = join(folder, 'artifacts');
  const mainSha = workspace.git('rev-parse', 'main');
  const environment = { GITHUB_REPOSITORY: repository, GITHUB_API_URL: front.url };
  const [owner = '', repo = ''] = repository.split('/');
  const place = { owner, repo };
  let runs = 0;
  execFileSync('git', ['clone', '-q', '--bare', workspace.root, bare]);
  workspace.git('remote', 'add', 'origin', bare);

  const checkOut = (branch: string): string => {
    const checkout = mkdtempSync(join(folder, 'checkout-'));
    execFileSync('git', ['clone', '-q', '--branch', branch, bare, checkout]);
    return checkout;
  };
  const envelopeOf = (run: number): string => join(artifacts, String(run), 'report-late-order', 'envelope.json');

  async function report(pull: PullRequest, headSha: string, run: number, conclusion: string): Promise<Shown> {
    const report = await runWorkflow({
      checkout: checkOut('main'),
      workflow: 'report.yml',
      eventName: 'workflow_run',
      event: workflowRunEvent(pull, headSha, run, conclusion),
      runId: `${run}0`,
      artifacts,
      caches: join(folder, 'caches-of-main'),
      environment,
      token: github.access.token,
    });
    const { checks, issues } = github.github.octokit.rest;
    const { check_runs } = (await checks.listForRef({ ...place, ref: headSha })).data;
    const comments = (await issues.listComments({ ...place, issue_number: pull.number })).data;
    return {
      report,
      checks: Object.fromEntries(check_runs.map(({ name, conclusion }) => [name, conclusion])),
      comments: comments.map(({ id, body }) => ({ id, body })),
    };
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
      const { branch } = pull;
      workspace.git('checkout', '-q', branch);
      change();
      workspace.git('push', '-q', 'origin', `${workspace.commit('change')}:refs/heads/${branch}`);
      runs += 1;
      const run = runs;
      const headSha = await github.commit(branch, { 'branch.txt': `${branch} ${run}` });
      heads.set(branch, headSha);
      const board = {
        checkout: checkOut(branch),
        workflow: 'ci.yml',
        eventName: 'pull_request',
        event: pullRequestEvent(pull, headSha, mainSha),
        runId: String(run),
        artifacts,
        caches: join(folder, `caches-of-${branch}`),
        environment,
      };
      const ci = await finishBoard(board, await runWorkflow(board));
      const envelope = existsSync(envelopeOf(run)) ? readFileSync(envelopeOf(run), 'utf8') : null;
      const shown = await report(pull, headSha, run, ci.conclusion);
      const times = `ci.yml ${ci.seconds.toFixed(0)} s, report.yml ${shown.report.seconds.toFixed(0)} s`;
      console.log(`${branch}: required ${ci.jobs.required}, checks ${JSON.stringify(shown.checks)}, ${times}`);
      return { headSha, ci, envelope, ...shown };
    },
    /** Lets a run of a pull request's newest commit leave this envelope, as code of a stranger could, and the report follow. */
    forge: (pull: PullRequest, envelope: string): Promise<Shown> => {
      runs += 1;
      mkdirSync(join(envelopeOf(runs), '..'), { recursive: true });
      writeFileSync(envelopeOf(runs), envelope);
      return report(pull, heads.get(pull.branch) as string, runs, 'success');
    },
    remove: (): void => {
      front.close();
      workspace.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
