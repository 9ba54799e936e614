// budget: 240 s
// needs: act, git, pulumi, pulumi-resource-kubernetes
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { pulumiEnvironment } from './infra/pulumi-environment.ts';
import { runCommand } from './infra/run-command.ts';
import { runWorkflow, type WorkflowRun } from './workflows/run-workflow.ts';
import { deployedProgram, shrinkInfrastructure } from './workflows/small-infrastructure.ts';

const folder = mkdtempSync(join(tmpdir(), 'deploy-'));
const workspace = createCopiedWorkspace();
afterAll(() => {
  workspace.remove();
  rmSync(folder, { recursive: true });
});
// Each job works on a copy of the checkout, and needs no data.
for (const path of ['.git', 'features', 'models']) rmSync(join(workspace.root, path), { recursive: true });
shrinkInfrastructure(workspace.root, deployedProgram);
await workspace.succeed('git', 'init', '-q', '-b', 'main');

const passphrase = { PULUMI_CONFIG_PASSPHRASE: 'of this test' };
const image = 'ghcr.io/bot/causeway-inference';
const digest = (one: string): string => `sha256:${one.repeat(64)}`;
const engine = pulumiEnvironment(folder);
// Once for each stack, by a person: from then on what is needed to decrypt its secrets is committed.
const created = await runCommand('pulumi', ['-C', join(workspace.root, 'infra/serving'), 'stack', 'init', 'dev'], {
  env: { ...engine, ...passphrase },
});
if (created.code !== 0) throw new Error(created.stderr);

/** What stands in the world: the program writes a file where another would ask AWS. */
const world = join(folder, 'world');
const standing = (): string | null => {
  const file = join(world, '1-manifest/v1-configmap-default-demand.yaml');
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
};

/** A stand-in for gh: knows one image, and notes what it was asked. */
const programs = join(folder, 'programs');
mkdirSync(programs);
const attested = digest('a');
writeFileSync(
  join(programs, 'gh'),
  `#!/bin/sh\necho "$GH_TOKEN $*" >> ${folder}/asked\ncase "$*" in *@${attested}*) exit 0;; esac\necho "no attestations" >&2\nexit 1\n`,
  { mode: 0o755 },
);

/** A workflow that deploys, with `between` run when the first job has ended and before the second one starts. */
const caller = (given: Record<string, string>): string => `
name: caller
on: push
jobs:
  serving:
    uses: ./.github/workflows/deploy.yml
    with:
${Object.entries(given)
  .map(([name, value]) => `      ${name}: '${value}'`)
  .join('\n')}
`;

let runs = 0;
/** Runs deploy.yml with these inputs on stack dev; `kept` is what its jobs left. */
async function deploy(
  given: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<WorkflowRun & { kept(name: string): string }> {
  writeFileSync(
    join(workspace.root, '.github/workflows/caller.yml'),
    caller({ program: 'serving', stack: 'dev', image, ...given }),
  );
  await workspace.succeed('git', 'add', '-A');
  const author = ['-c', 'user.name=dev', '-c', 'user.email=dev@localhost'];
  await workspace.succeed('git', ...author, 'commit', '-q', '--allow-empty', '-m', 'deploy');
  runs += 1;
  const runId = String(runs);
  const artifacts = join(folder, 'artifacts');
  mkdirSync(join(artifacts, runId), { recursive: true });
  const run = await runWorkflow({
    checkout: workspace.root,
    workflow: 'caller.yml',
    eventName: 'push',
    event: { ref: 'refs/heads/main' },
    runId,
    artifacts,
    caches: join(folder, 'caches'),
    environment: {
      GITHUB_REPOSITORY: 'bot/shop',
      ...passphrase,
      WORLD: world,
      ...environment,
    },
    variables: {
      AWS_ROLE: 'arn:aws:iam::111111111111:role/looks',
      AWS_REGION: 'eu-central-1',
      PULUMI_BACKEND_URL: engine.PULUMI_BACKEND_URL ?? '',
    },
    token: 'a token',
    programs: [programs, join(folder, 'bin')].join(':'),
  });
  console.log(`${JSON.stringify(given)}: ${JSON.stringify(run.jobs)} in ${run.seconds.toFixed(0)} s`);
  return { ...run, kept: (name) => readFileSync(join(artifacts, runId, name), 'utf8') };
}
const asked = (): string => (existsSync(join(folder, 'asked')) ? readFileSync(join(folder, 'asked'), 'utf8') : '');
beforeEach(() => rmSync(join(folder, 'asked'), { force: true }));

test('an image that is one of ours goes up by its digest, by the plan that the first job has shown', async () => {
  const { jobs, output, kept } = await deploy({ 'image-digest': attested });
  expect(jobs, output).toEqual({ 'serving/preview': 'success', 'serving/up': 'success' });
  expect(asked().trim()).toMatch(
    `a token attestation verify oci://${image}@${attested} --repo bot/shop --signer-workflow bot/shop/.github/workflows/build-image.yml`,
  );
  expect(kept('roles')).toMatch(/^preview arn:\S+\nup arn:\S+\n$/);
  const plan = kept('plan-serving-dev/plan.json');
  expect(plan).toContain(attested);
  expect(plan, 'what is secret is not in the clear').not.toContain('open sesame');
  expect(standing()).toContain(`image: ${image}@${attested}`);
});

test('an image that build-image.yml has not signed goes nowhere', async () => {
  const before = standing();
  const { jobs, output } = await deploy({ 'image-digest': digest('b') });
  expect(jobs, output).toEqual({ 'serving/preview': 'failure' });
  expect(output).toContain('no attestations');
  expect(output).toContain('deploy none that it has not');
  expect(standing()).toBe(before);
});

test('what is no digest, and a digest of no image, is refused before anything is asked', async () => {
  for (const given of [{ 'image-digest': `${attested}; id` }, { 'image-digest': attested, image: '' }]) {
    const { jobs, output } = await deploy(given);
    expect(jobs, output).toEqual({ 'serving/preview': 'failure' });
    expect(output).not.toContain('nx preview');
  }
  expect(asked()).toBe('');
});

test('more than was approved is not done', async () => {
  // The second job finds another world than the first: the program declares something more there, as one would that asks what is there.
  const { jobs, output } = await deploy({ 'image-digest': attested }, { MORE_IN_JOB: 'up' });
  expect(jobs, output).toEqual({ 'serving/preview': 'success', 'serving/up': 'failure' });
  expect(output).toMatch(/create is not allowed by the plan/);
  expect(existsSync(join(world, '1-manifest/v1-configmap-default-more.yaml'))).toBe(false);
});
