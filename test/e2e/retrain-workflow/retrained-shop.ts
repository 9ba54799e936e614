import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { emulateGithub } from '@repo/github/fixtures/emulated-github';
import { runWorkflow, type WorkflowRun } from '../workflows/run-workflow.ts';
import { createSmallWorkspace, writeOrders } from '../workflows/small-workspace.ts';

const repository = 'bot/shop';
const role = 'arn:aws:iam::111111111111:role/retrain';

/** How a run ended, which jobs took which role, and what it kept. */
export interface RetrainRun extends WorkflowRun {
  readonly roles: readonly string[];
  readonly kept: readonly string[];
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
