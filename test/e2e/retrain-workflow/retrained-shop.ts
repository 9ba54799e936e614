import { spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { emulateGithub } from '@repo/github/fixtures/emulated-github';
import { createRegistry } from '@repo/registry/registry';
import { runWorkflow, type WorkflowRun } from '../workflows/run-workflow.ts';
import { createSmallWorkspace, writeOrders } from '../workflows/small-workspace.ts';

const repository = 'bot/shop';
const role = 'arn:aws:iam::111111111111:role/retrain';

/** How a run ended, which jobs took which role, and what it kept. */
export interface RetrainRun extends WorkflowRun {
  readonly roles: readonly string[];
  readonly kept: readonly string[];
}

/** A `causeway` of its own process. */
export interface Started {
  /** Resolves once it has written this text as its progress; rejects when it ends before. */
  said(text: string): Promise<void>;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
  /** Ends it as the kernel does for want of memory. */
  kill(): void;
}

const program = fileURLToPath(new URL('../../../apps/pipeline/src/main.ts', import.meta.url));

function startIn(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Started {
  const child = spawn(process.execPath, [program, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = new EventEmitter();
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    heard.emit('more');
  });
  const ended = new Promise<Awaited<Started['ended']>>((resolve, reject) => {
    child.once('error', reject).once('close', (exitCode) => {
      resolve({ exitCode, stdout, stderr });
      heard.emit('more');
    });
  });
  return {
    ended,
    kill: () => child.kill('SIGKILL'),
    said: async (text) => {
      while (!stderr.includes(text)) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`it ended without "${text}": ${stderr}`);
        await once(heard, 'more');
      }
    },
  };
}

/** A small workspace with a champion on main, an emulated GitHub whose main it is, a state that lasts, and runs of retrain.yml. */
export async function createRetrainedShop() {
  const workspace = await createSmallWorkspace();
  const { root } = workspace;
  const github = await emulateGithub();
  const folder = mkdtempSync(join(tmpdir(), 'retrains-'));
  const state = join(folder, 'state');
  const variables = { RETRAIN_STATE: pathToFileURL(state).href, RETRAIN_ROLE: role, RETRAIN_REGION: 'eu-central-1' };
  let runs = 0;

  // Weeks made up by chance differ by more than it lets pass for certain; what the gates do with a good model is another suite's story.
  workspace.replace(
    'models/late-order/model.ts',
    /limits: \{/,
    "limits: { skillGap: { at: 2, reason: 'made-up weeks' },",
  );
  workspace.commit('a wider limit');
  const models = readdirSync(join(root, 'models'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  await github.commit('main', Object.fromEntries(models.map((path) => [path, readFileSync(join(root, path))])));

  return {
    workspace,
    github,
    /** Lets so many days of orders have come in, changed by SQL over `orders`. */
    receive: async (days: number, sql?: string): Promise<void> => {
      await writeOrders(join(root, 'features/shop/data/orders.parquet'), days, sql);
      workspace.commit(`orders of ${days} days`);
    },
    run: async (eventName: string, event: object = {}): Promise<RetrainRun> => {
      runs += 1;
      const runId = String(runs);
      const ended = await runWorkflow({
        ...{ checkout: root, workflow: 'retrain.yml', eventName, runId, variables },
        event: { ref: 'refs/heads/main', repository: { full_name: repository, default_branch: 'main' }, ...event },
        artifacts: join(folder, 'artifacts'),
        caches: join(folder, 'caches'),
        environment: { GITHUB_REPOSITORY: repository, GITHUB_API_URL: github.access.apiUrl },
        token: github.access.token,
      });
      const kept = readdirSync(join(folder, 'artifacts', runId)).filter((name) => name.startsWith('proposal-'));
      const roles = readFileSync(join(folder, 'artifacts', runId, 'roles'), 'utf8')
        .trimEnd()
        .split('\n');
      console.log(`${eventName}: ${JSON.stringify(ended.jobs)}, ${ended.seconds.toFixed(0)} s`);
      return { ...ended, roles, kept };
    },
    /** Starts `causeway` in the checkout, with the state and GitHub, as another machine would where `run` is the number of a job's run. */
    start: (args: readonly string[], run?: number, environment: NodeJS.ProcessEnv = {}): Started => {
      const { GITHUB_RUN_ID: _run, ...rest } = process.env;
      const job = run === undefined ? {} : { GITHUB_SERVER_URL: 'https://github.example', GITHUB_RUN_ID: String(run) };
      return startIn(root, args, {
        ...rest,
        ...github.environment,
        CAUSEWAY_STATE: variables.RETRAIN_STATE,
        ...job,
        ...environment,
      });
    },
    /** Path of a folder of the state. */
    inState: (name: string): string => join(state, name),
    /** Lets the lease of a run be over. */
    expire: (run: number): void => {
      const path = join(state, `retrain/late-order/runs/${run}.json`);
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), leaseUntilUs: 0 }));
    },
    /** Versions in the registry. */
    versions: async () =>
      (await createRegistry(variables.RETRAIN_STATE, root).listVersions('late-order')).map(({ version }) => version),
    /** The pull requests that are open. */
    pulls: async () => {
      const { octokit, owner, repo } = github.github;
      const all = (await octokit.rest.pulls.list({ owner, repo, state: 'open' })).data;
      return all.map(({ head, title, body }) => ({ branch: head.ref, title, body: body ?? '' }));
    },
    /** What the state says of the runs, oldest first. */
    ends: (): { outcome: string; detail: string }[] => {
      const ends = join(state, 'retrain/late-order/ends');
      const names = readdirSync(ends).sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
      return names.map((name) => JSON.parse(readFileSync(join(ends, name), 'utf8')));
    },
    remove: (): void => {
      workspace.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
