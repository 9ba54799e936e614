import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from '@repo/components/stack';
import { expect, test } from 'vitest';
import { workflowFiles } from './workflow-files.ts';
import { readWorkspace } from './workspace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const deploy = workflowFiles(readWorkspace(root, [], [])).find(({ path }) => path === '.github/workflows/deploy.yml');
const jobs = Object.fromEntries(deploy?.jobs ?? []);
const digest = `sha256:${'0a'.repeat(32)}`;

/** Whether the first step of the first job lets inputs through; GitHub starts bash with these options. */
function isTaken(inputs: { PROGRAM?: string; STACK?: string; IMAGE?: string; IMAGE_DIGEST?: string }): boolean {
  const script = jobs.preview?.steps?.[0]?.run ?? 'exit 0';
  const usual = { PROGRAM: 'serving', STACK: 'prod', IMAGE: 'ghcr.io/shop/inference', IMAGE_DIGEST: digest };
  const env = { PATH: process.env.PATH, ...usual, ...inputs };
  const { status } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { env });
  return status === 0;
}

test('every program and every stack on AWS is taken, with an image or without', () => {
  const programs = globSync('infra/*/Pulumi.yaml', { cwd: root }).map((path) => basename(dirname(path)));
  expect(programs.length).toBeGreaterThan(0);
  for (const PROGRAM of programs) expect([PROGRAM, isTaken({ PROGRAM })]).toEqual([PROGRAM, true]);
  const stacks = Object.values(Stack).filter((stack) => stack !== Stack.local);
  for (const STACK of stacks) expect([STACK, isTaken({ STACK })]).toEqual([STACK, true]);
  expect(isTaken({ IMAGE: '', IMAGE_DIGEST: '' })).toBe(true);
  expect(isTaken({ IMAGE: '111111111111.dkr.ecr.eu-central-1.amazonaws.com/causeway-dev-inference' })).toBe(true);
});

test.each([
  { IMAGE_DIGEST: `${digest}; id` },
  { IMAGE_DIGEST: `${digest}\nid` },
  { IMAGE_DIGEST: `x ${digest}` },
  { IMAGE_DIGEST: 'latest' },
  { IMAGE: '' },
  { IMAGE: 'ghcr.io/shop/inference@sha256' },
  { IMAGE: '--help' },
  { IMAGE_DIGEST: digest.toUpperCase() },
  { STACK: '' },
  { STACK: 'local' },
  { STACK: 'dev staging' },
  { STACK: 'prod;id' },
  { STACK: '$(id)' },
  { PROGRAM: '--help' },
  { PROGRAM: 'nothing' },
])('%j is refused before any other step', (inputs) => {
  expect(isTaken(inputs)).toBe(false);
});

test('no job starts but after that step', () => {
  const others = Object.entries(jobs).filter(([name]) => name !== 'preview');
  expect(others.map(([name, { needs }]) => [name, needs])).toEqual([['up', 'preview']]);
});

test('what changes a stack waits for the environment of that stack, whose reviewers have seen the plan that it takes', () => {
  expect([jobs.preview?.environment, jobs.up?.environment]).toEqual([
    '$'.concat('{{ inputs.stack }}-preview'),
    '$'.concat('{{ inputs.stack }}'),
  ]);
  const runs = (name: string): string[] => (jobs[name]?.steps ?? []).flatMap(({ run = '' }) => run.split('\n'));
  expect(runs('preview').filter((run) => run.includes('--plan='))).toEqual([
    expect.stringContaining('--save-plan $PLAN'),
  ]);
  expect(runs('up').filter((run) => run.startsWith('npx nx up'))).toEqual([expect.stringContaining('--plan $PLAN')]);
  const taken = (jobs.up?.steps ?? []).find(({ uses = '' }) => uses.startsWith('actions/download-artifact@'));
  expect(taken?.with?.['artifact-ids']).toBe('$'.concat('{{ needs.preview.outputs.plan }}'));
});

test('nothing of a cloud is asked before it is known who built the image', () => {
  const steps = jobs.preview?.steps ?? [];
  const at = (text: string): number => steps.findIndex(({ run = '' }) => run.includes(text));
  expect(at('verify-image.ts')).toBeGreaterThan(0);
  expect(at('nx preview')).toBeGreaterThan(at('verify-image.ts'));
});

test('whoever hands over the digest of an image says of which', () => {
  const calls = workflowFiles(readWorkspace(root, [], []))
    .flatMap((file) => file.jobs.map(([name, job]) => ({ at: `${file.path} ${name}`, ...job })))
    .filter(({ uses }) => uses === './.github/workflows/deploy.yml');
  const nameless = calls.filter(({ with: given = {} }) => 'image-digest' in given && !('image' in given));
  expect(nameless.map(({ at }) => at)).toEqual([]);
});
