import type { PreviewReport } from '@repo/contract/preview-report';
import { type EmulatedGithub, emulateGithub } from '@repo/github/fixtures/emulated-github';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createGateReport } from './fixtures/gate-report.ts';
import { createTemporaryWorkspace, type TemporaryWorkspace } from './fixtures/temporary-workspace.ts';

let workspace: TemporaryWorkspace;
let copy: TemporaryWorkspace;
let github: EmulatedGithub;
let head: string;
let number: number;

beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
});
afterAll(() => workspace.remove());

beforeEach(async () => {
  copy = workspace.copy();
  github = await emulateGithub();
  head = await github.commit('topic', { 'a.txt': 'a' });
  number = await github.openPull('topic', 'infrastructure');
});

const resource = 'kubernetes:apps/v1:Deployment demand';
const preview: PreviewReport = {
  schemaVersion: 1,
  base: { commit: 'a'.repeat(40), problem: null },
  programs: [
    {
      program: 'serving',
      stack: 'prod',
      resources: 12,
      changes: [
        { kind: 'changed', resource, properties: [{ path: 'spec.replicas', before: '2', after: '4' }] },
        { kind: 'removed', resource: 'kubernetes:core/v1:Service old', properties: [] },
      ],
      leftOut: 0,
      violations: [],
      borne: [],
    },
  ],
};
const violated: PreviewReport = {
  ...preview,
  programs: preview.programs.map((one) => ({
    ...one,
    violations: [{ policy: 'pod-security', resource, problem: 'container a: take privileged out' }],
  })),
} as PreviewReport;

async function make(report: unknown, into = 'artifacts/report-preview') {
  copy.write('preview.json', typeof report === 'string' ? report : JSON.stringify(report));
  return copy.run(['report', copy.path(into), '--head', head, '--preview', copy.path('preview.json'), '--json']);
}
const publish = () => copy.run(['report', copy.path('artifacts'), '--head', head, '--json'], github.environment);

async function checks() {
  const { octokit, owner, repo } = github.github;
  const { check_runs: runs } = (await octokit.rest.checks.listForRef({ owner, repo, ref: head, filter: 'all' })).data;
  return runs.map(({ name, conclusion, output }) => ({ name, conclusion, title: output.title }));
}

test('what changes in the infrastructure is said as a check and in the comment', async () => {
  expect(await make(preview)).toMatchObject({ exitCode: 0 });
  expect(await publish()).toMatchObject({ exitCode: 0 });
  expect(await checks()).toEqual([
    { name: 'preview', conclusion: 'success', title: '1 rendering, 0 findings of policies' },
  ]);
  const [comment = ''] = await github.commentsOf(number);
  expect(comment).toContain('`serving` on `prod`');
  expect(comment).toContain(
    `! ${resource}\n-   spec.replicas: 2\n+   spec.replicas: 4\n- kubernetes:core/v1:Service old\n`,
  );
  expect(comment).toContain(`Commit ${head}.`);
});

test('what a policy finds fails the check', async () => {
  await make(violated);
  await publish();
  expect(await checks()).toMatchObject([{ name: 'preview', conclusion: 'failure' }]);
  expect((await github.commentsOf(number))[0]).toContain('| ❌ fail | `pod-security` |');
});

test('models and infrastructure share one comment, and have a check each', async () => {
  copy.write(
    '.causeway/stages/late-order/gate/report.json',
    JSON.stringify(createGateReport({ digest: `sha256:${'1'.repeat(64)}` })),
  );
  await make(preview);
  await copy.run(['report', copy.path('artifacts/report-late-order'), '--head', head, '--make', 'late-order']);
  await publish();
  expect((await checks()).map(({ name }) => name).sort()).toEqual(['gates', 'preview']);
  const comments = await github.commentsOf(number);
  expect(comments).toHaveLength(1);
  expect(comments[0]).toMatch(/late-order may merge[\s\S]*### Infrastructure/);
});

test('a run that rendered nothing fails the check and says why', async () => {
  await make('{"half":');
  await publish();
  expect(await checks()).toMatchObject([
    { conclusion: 'failure', title: '1 rendering failed, 0 findings of policies' },
  ]);
  expect((await github.commentsOf(number))[0]).toContain('preview.json is not there');
});

test('texts from a pull request become neither markup nor mentions, and end no block', async () => {
  const hostile = '`````\n</details> @octocat <img src=x> [link](https://x.invalid)';
  await make({
    ...violated,
    programs: violated.programs.map((one) => ({
      ...one,
      changes: [{ kind: 'added', resource: hostile, properties: [{ path: '`````', before: null, after: hostile }] }],
      violations: [{ policy: 'tags', resource: hostile, problem: hostile }],
    })),
  });
  await publish();
  const [comment = ''] = await github.commentsOf(number);
  const [before = '', block = '', after = ''] = comment.split('`````');
  expect(comment.match(/`````/g)).toHaveLength(2);
  expect(block).toMatch(/^diff\n\+ /);
  expect(before + after).not.toMatch(/@octocat|<img|\]\(/);
});

test.each<[string, (envelope: Record<string, unknown>) => unknown, RegExp]>([
  [
    'with a program that is a path',
    (e) => change(e, { program: '../etc' }),
    /program: received "..\/etc"|programs\[0\]/,
  ],
  ['with a field too many', (e) => change(e, { markdown: '<b>' }), /programs\[0\]/],
  ['with neither model nor preview', (e) => ({ ...e, preview: undefined }), /models: received \[\]/],
])('an envelope %s changes nothing and is bad input', async (_, alter, message) => {
  await make(preview);
  const path = 'artifacts/report-preview/envelope.json';
  copy.write(path, JSON.stringify(alter(JSON.parse(copy.read(path)))));
  expect(await publish()).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) });
  expect(await checks()).toEqual([]);
});

test('two previews of one commit are refused', async () => {
  await make(preview, 'artifacts/one');
  await make(violated, 'artifacts/two');
  expect(await publish()).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/envelope.preview: received 2/) });
});

/** The envelope with its only program changed. */
const change = (envelope: Record<string, unknown>, fields: object) => {
  const its = envelope.preview as PreviewReport;
  return { ...envelope, preview: { ...its, programs: its.programs.map((one) => ({ ...one, ...fields })) } };
};
