import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { emulateGithub } from '@repo/github/fixtures/emulated-github';
import { kubectl } from '../infra/cluster.ts';
import { runWorkflow, type WorkflowRun } from '../workflows/run-workflow.ts';

const repository = 'bot/shop';
const registry = '111111111111.dkr.ecr.eu-central-1.amazonaws.com/causeway';
const variables = {
  ...{ STAGING_IMAGE: registry, PROD_IMAGE: registry, AWS_REGION: 'eu-central-1', PULUMI_BACKEND_URL: 's3://state' },
  AWS_ROLE: 'arn:aws:iam::111111111111:role/of-the-environment',
};

/** Where a release goes: a workspace that stands on a cluster, and what the engine needs there. */
interface Stood {
  readonly root: string;
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * What stands between jobs and AWS: the stacks staging and prod are one, the stack local of the cluster at hand, which the real engine changes to what
 * the checkout of the job declares. A preview is not made.
 */
function standInForAws(folder: string, env: NodeJS.ProcessEnv, kubeconfig: string): string {
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  const kept = ['PATH', 'KUBECONFIG', 'PULUMI_BACKEND_URL', 'PULUMI_CONFIG_PASSPHRASE', 'PULUMI_SKIP_UPDATE_CHECK'];
  const given = kept.flatMap((name) => (env[name] === undefined ? [] : [`${name}='${env[name]}'`])).join(' ');
  const file = join(programs, 'pulumi');
  writeFileSync(
    file,
    `#!/usr/bin/env bash
set -euo pipefail
case "$*" in
  *'stack output kubeconfig'*) echo '${kubeconfig}' ;;
  '-C infra/serving up '*) ${given} exec pulumi -C infra/serving up --stack local --yes --non-interactive --skip-preview ;;
esac
while [ $# -gt 1 ]; do
  if [ "$1" = --save-plan ]; then echo '{}' >"$2"; fi
  shift
done
`,
  );
  chmodSync(file, 0o755);
  return programs;
}

/** Runs of release-model.yml under act for pushes to main of a workspace that stands on a cluster, with an emulated GitHub. */
export async function createReleaseRuns({ root, folder, env }: Stood) {
  const github = await emulateGithub();
  const kubeconfig = await kubectl('config', 'view', '--raw', '--flatten', '--minify', '-o', 'json');
  const programs = standInForAws(folder, env, JSON.stringify(JSON.parse(kubeconfig)));
  const artifacts = join(folder, 'artifacts');
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
  let runs = 0;
  git('checkout', '-q', '-B', 'main');

  /** Commits what has changed, below models/ to main of the emulated GitHub too. */
  async function push(message: string): Promise<{ before: string; after: string }> {
    const before = git('rev-parse', 'HEAD');
    git('add', '-A');
    git('-c', 'user.name=dev', '-c', 'user.email=dev@localhost', 'commit', '-q', '--allow-empty', '-m', message);
    const files = readdirSync(join(root, 'models'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    await github.commit('main', Object.fromEntries(files.map((path) => [path, readFileSync(join(root, path))])));
    return { before, after: git('rev-parse', 'HEAD') };
  }

  return {
    github,
    push,
    run: async (event: object): Promise<WorkflowRun> => {
      runs += 1;
      mkdirSync(join(artifacts, String(runs)), { recursive: true });
      const run = await runWorkflow({
        ...{
          checkout: root,
          workflow: 'release-model.yml',
          eventName: 'push',
          runId: String(runs),
          artifacts,
          variables,
        },
        event: { ref: 'refs/heads/main', repository: { full_name: repository, default_branch: 'main' }, ...event },
        caches: join(artifacts, 'caches'),
        environment: { GITHUB_REPOSITORY: repository, GITHUB_API_URL: github.access.apiUrl },
        token: github.access.token,
        programs,
      });
      console.log(`release-model.yml: ${JSON.stringify(run.jobs)}, ${run.seconds.toFixed(0)} s`);
      return run;
    },
  };
}
