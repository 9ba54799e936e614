import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFiles, type Champion } from '@repo/contract/manifest';
import { emulateGithub } from '@repo/github/fixtures/emulated-github';
import { writeBundleManifest } from '@repo/registry/write-bundle-manifest';
import { createCopiedWorkspace } from '../copied-workspace.ts';
import { runWorkflow, type WorkflowRun } from '../workflows/run-workflow.ts';
import { createRecordedCluster } from './recorded-cluster.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const shop = here('../../../apps/pipeline/src/fixtures/workspace');
const repository = 'bot/shop';
const role = (name: string): string => `arn:aws:iam::111111111111:role/${name}`;

/** The models of the shop. */
export const models = ['early-order', 'express-order', 'late-order'] as const;
export type ModelName = (typeof models)[number];

/** Variables of the repository and of its environments. */
const variables = {
  STAGING_IMAGE: '111111111111.dkr.ecr.eu-central-1.amazonaws.com/causeway',
  PROD_IMAGE: '111111111111.dkr.ecr.eu-central-1.amazonaws.com/causeway',
  AWS_ROLE: role('of-the-environment'),
  AWS_REGION: 'eu-central-1',
  PULUMI_BACKEND_URL: 's3://state',
};

/** Writes the files of a bundle, which nothing of a release looks into; answers its digest. */
async function writeBundle(folder: string, model: string, version: number): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const name of bundleFiles) writeFileSync(join(folder, name), `${name} of ${model} ${version}`);
  return (await writeBundleManifest(folder, model)).digest;
}

/** Leaves what a release runs, and no history: every job works on a copy. */
function shrink(root: string): void {
  const unused = [
    ...[
      '.git',
      'docs',
      'models/flight-delay',
      'features/flights',
      'features/weather',
      'infra/components',
      'libs/*/src/fixtures',
    ],
    ...['tools/image', 'tools/preview', 'test/!(package.json|tsconfig.json|node_modules)'],
    '{apps,infra,libs,tools}/**/*.test.ts',
  ];
  for (const path of globSync(unused, { cwd: root, exclude: ['**/node_modules/**'] }))
    rmSync(join(root, path), { recursive: true, force: true });
}

/** A checkout on main with small models, an emulated GitHub whose main it is, a recorded cluster, and runs of release-model.yml. */
export async function createReleasedModels() {
  const workspace = createCopiedWorkspace();
  const { root } = workspace;
  const github = await emulateGithub();
  const cluster = await createRecordedCluster();
  const artifacts = mkdtempSync(join(tmpdir(), 'releases-'));
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  let runs = 0;

  shrink(root);
  cpSync(shop, root, { recursive: true });
  for (const model of models.filter((name) => name !== 'late-order')) {
    cpSync(join(root, 'models/late-order'), join(root, 'models', model), { recursive: true });
    workspace.replace(`models/${model}/model.ts`, "name: 'late-order'", `name: '${model}'`);
  }
  const commit = (message: string): string => {
    git('add', '-A');
    git('-c', 'user.name=dev', '-c', 'user.email=dev@localhost', 'commit', '-q', '--allow-empty', '-m', message);
    return git('rev-parse', 'HEAD');
  };
  git('init', '-q', '-b', 'main');
  commit('a shop');

  /** Everything below models/ as main of the emulated GitHub has it, too. */
  async function push(message: string): Promise<{ before: string; after: string }> {
    const before = git('rev-parse', 'HEAD');
    const after = commit(message);
    const files = readdirSync(join(root, 'models'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    await github.commit('main', Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path))])));
    return { before, after };
  }

  /** Lays down the next version of a model and pins it; the one before stays beside it. */
  async function promote(model: ModelName, version: number): Promise<Champion> {
    const folder = join(root, 'models', model);
    const digest = await writeBundle(join(folder, 'release', String(version)), model, version);
    writeFileSync(join(folder, 'champion.json'), `${JSON.stringify({ digest, version })}\n`);
    rmSync(join(folder, 'release', String(version - 2)), { recursive: true, force: true });
    return { version, digest };
  }

  /** Runs release-model.yml for a push, or for a person who names models. */
  async function run(eventName: 'push' | 'workflow_dispatch', event: object): Promise<ReleaseRun> {
    runs += 1;
    const runId = String(runs);
    const released = await runWorkflow({
      ...{ checkout: root, workflow: 'release-model.yml', eventName, runId, artifacts, variables },
      event: { ref: 'refs/heads/main', repository: { full_name: repository, default_branch: 'main' }, ...event },
      caches: join(artifacts, 'caches'),
      environment: {
        ...{ GITHUB_REPOSITORY: repository, GITHUB_API_URL: github.access.apiUrl },
        CLUSTER: cluster.kubeconfig,
      },
      token: github.access.token,
      programs: here('../fixtures/cloud'),
    });
    const noted = (name: string): string[] => {
      const path = join(artifacts, runId, name);
      return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
    };
    console.log(`${eventName}: ${JSON.stringify(released.jobs)}, ${released.seconds.toFixed(0)} s`);
    return { ...released, pulumi: noted('pulumi'), roles: noted('roles') };
  }

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const remove = (): void => {
    workspace.remove();
    cluster.close();
    rmSync(artifacts, { recursive: true, force: true });
  };
  return { workspace: { ...workspace, write }, github, cluster, push, promote, run, remove };
}

/** How a run ended, and what it asked of the stand-in for Pulumi. */
export interface ReleaseRun extends WorkflowRun {
  readonly pulumi: readonly string[];
  readonly roles: readonly string[];
}
