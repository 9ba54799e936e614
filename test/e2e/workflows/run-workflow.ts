import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What one run of a workflow needs. */
export interface RunOptions {
  /** The checkout that it runs in; every job works on a copy of it. */
  checkout: string;
  /** File name of the workflow. */
  workflow: string;
  eventName: string;
  event: object;
  runId: string;
  /** Folder of the artifacts of all runs, which GitHub would keep. */
  artifacts: string;
  /** Folder of the caches that this run may see. */
  caches: string;
  /** What each job has in its environment besides, such as GITHUB_REPOSITORY. */
  environment: Readonly<Record<string, string>>;
  /** `github.token`; a run without one has none. */
  token?: string;
  /** Variables of the repository, or of the environments of its jobs: `vars`. */
  variables?: Readonly<Record<string, string>>;
  /** Folder of programs that stand before those of this machine. */
  programs?: string;
}

/** How a run ended. */
export interface WorkflowRun {
  conclusion: 'success' | 'failure';
  /** `success` or `failure` of each job that ran, by its name; that of a called workflow is `validate late-order/gate`. */
  jobs: Record<string, string>;
  /** All that was written, one line for each line of a job. */
  output: string;
  seconds: number;
}

/** A line of act's log. */
interface LogLine {
  msg?: string;
  job?: string;
  jobResult?: string;
}

const workflowsOf = (checkout: string): string[] => globSync('.github/**/*.yml', { cwd: checkout });

/**
 * Every pin `owner/name@commit` of the checkout with its stand-in: without one act would fetch the action from GitHub. act itself stands in for
 * actions/checkout.
 */
function standIns(checkout: string): string[] {
  const files = workflowsOf(checkout).map((path) => readFileSync(join(checkout, path), 'utf8'));
  const pins = files.flatMap((text) => [...text.matchAll(/uses: ([\w-]+\/([\w-]+)@[0-9a-f]{40})/g)]);
  const named = new Map(pins.map(([, pin = '', name = '']) => [pin, name]));
  return [...named]
    .filter(([, name]) => name !== 'checkout')
    .flatMap(([pin, name]) => {
      const folder = here(`../fixtures/actions/${name}`);
      if (!existsSync(folder)) throw new Error(`${pin} has no stand-in; write ${folder}, so that no run needs GitHub`);
      return ['--local-repository', `${pin}=${folder}`];
    });
}

/** Takes out what GitHub knows and act 0.2.89 does not: how many may wait. act runs one workflow at a time. */
function withoutQueues(checkout: string): void {
  for (const path of workflowsOf(checkout).map((name) => join(checkout, name))) {
    const text = readFileSync(path, 'utf8');
    const known = text.replaceAll(/^ *queue: max\n/gm, '');
    if (known !== text) writeFileSync(path, known);
  }
}

/**
 * `ci/plan ` and `validate late-order/validate-model/gate`, as act names jobs, without the names of the workflows. Of a workflow within a called one
 * act names no more than the job that calls it: `deploy/deploy/up`.
 */
const jobName = (job: string): string =>
  job
    .trim()
    .replace(/^[^/]+\/([^/]+)$/, '$1')
    .replace(/\/(?:validate-model|retrain-model|build-image|preview|release-environment|deploy|e2e)(?=\/)/g, '');

function readLog(log: string): Pick<WorkflowRun, 'jobs' | 'output'> {
  const jobs: WorkflowRun['jobs'] = {};
  const lines = log.split('\n').map((line) => {
    if (!line.startsWith('{')) return line;
    const { msg = '', job = '', jobResult } = JSON.parse(line) as LogLine;
    if (jobResult !== undefined) jobs[jobName(job)] = jobResult;
    return `${jobName(job)}: ${msg.trimEnd()}`;
  });
  return { jobs, output: lines.join('\n') };
}

/**
 * Runs a workflow under act on this machine, without a container. Jobs see this Node, stand-ins for GitHub's own actions and for
 * `npm ci`, and nothing of the suite's own environment that could lead them elsewhere.
 */
export async function runWorkflow(options: RunOptions): Promise<WorkflowRun> {
  const {
    checkout,
    workflow,
    eventName,
    event,
    runId,
    artifacts,
    caches,
    environment,
    token,
    variables = {},
    programs,
  } = options;
  const begun = performance.now();
  withoutQueues(checkout);
  const folder = mkdtempSync(join(tmpdir(), 'act-'));
  const eventPath = join(folder, 'event.json');
  writeFileSync(eventPath, JSON.stringify(event));
  const given = Object.entries({ ...environment, GITHUB_RUN_ID: runId }).flatMap(([name, value]) => [
    '--env',
    `${name}=${value}`,
  ]);
  const args = [
    eventName,
    ...['-W', `.github/workflows/${workflow}`, '-e', eventPath, '-P', 'ubuntu-latest=-self-hosted', '--json'],
    ...['--action-cache-path', join(folder, 'jobs'), '--no-cache-server', '--defaultbranch', 'main'],
    ...(token === undefined ? [] : ['-s', `GITHUB_TOKEN=${token}`]),
    ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]),
    ...given,
    ...standIns(checkout),
  ];
  const { CAUSEWAY_STATE: _state, GITHUB_TOKEN: _token, PATH = '', ...rest } = process.env;
  // What npm tells its own children would be taken for settings by an npm within.
  const kept = Object.entries(rest).filter(([name]) => !name.startsWith('npm_'));
  const env = {
    ...Object.fromEntries(kept),
    PATH: [programs ?? [], here('../fixtures/machine'), dirname(process.execPath), PATH].flat().join(delimiter),
    LINK_PACKAGES: here('./link-here.ts'),
    ARTIFACTS: artifacts,
    CACHES: caches,
    CI: 'true',
    ACT_DISABLE_VERSION_CHECK: '1',
    NO_COLOR: '1',
  };
  try {
    const { code, log } = await new Promise<{ code: number | null; log: string }>((resolve, reject) => {
      const child = spawn('act', args, { cwd: checkout, env, stdio: ['ignore', 'pipe', 'pipe'] });
      let log = '';
      for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (log += text));
      child.once('error', reject).once('close', (code) => resolve({ code, log }));
    });
    const seconds = (performance.now() - begun) / 1000;
    return { conclusion: code === 0 ? 'success' : 'failure', seconds, ...readLog(log) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
