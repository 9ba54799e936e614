import { rmSync } from 'node:fs';
import { type EmulatedGithub, emulateGithub } from '@repo/github/fixtures/emulated-github';
import { type Answer, scriptGithub } from '@repo/github/fixtures/scripted-github';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  attachReport,
  createPromotableWorkspace,
  type PromotableWorkspace,
  passing,
  registryOf,
} from './fixtures/promotable-workspace.ts';
import type { TemporaryWorkspace } from './fixtures/temporary-workspace.ts';

const folder = 'models/late-order';
let made: PromotableWorkspace;
let github: EmulatedGithub;
let copy: TemporaryWorkspace;

beforeAll(async () => {
  made = await createPromotableWorkspace();
});
afterAll(() => made.workspace.remove());

// Every test has a checkout whose version 2 may be promoted, and a GitHub whose main is that checkout.
beforeEach(async () => {
  copy = made.workspace.copy();
  const [one, two] = made.digests;
  await attachReport(copy, 2, { digest: two, champion: one });
  github = await emulateGithub();
  await github.commit('main', models());
});

const models = () =>
  Object.fromEntries(
    Object.entries(copy.filesIn('models')).map(([path, text]) => [`models/${path}`, Buffer.from(text, 'latin1')]),
  );
const run = (args: string[], environment: Record<string, string> = github.environment) =>
  copy.run([...args, '--json'], environment);
const promote = ['promote', 'late-order', '--version', '2'];

async function pulls() {
  const { octokit, owner, repo } = github.github;
  return (await octokit.rest.pulls.list({ owner, repo, state: 'all' })).data;
}
const alias = () => registryOf(copy).getAlias('late-order', 'champion');

/** Merges a branch as GitHub does, and takes main over into the checkout. */
async function mergeAndPull(branch: string): Promise<void> {
  const { octokit, owner, repo } = github.github;
  const [pull] = (await pulls()).filter(({ head }) => head.ref === branch);
  await octokit.rest.pulls.merge({ owner, repo, pull_number: pull?.number ?? 0, merge_method: 'merge' });
  rmSync(copy.path('models'), { recursive: true });
  for (const [path, text] of Object.entries(await github.filesOf('main')))
    if (path.startsWith('models/')) copy.write(path, Buffer.from(text, 'latin1'));
}

test('with a token the promotion is a pull request that carries the report, and nothing changes here', async () => {
  const before = copy.filesIn('models');
  const { exitCode, stdout } = await run(promote);
  expect(exitCode).toBe(0);
  const { pullRequest } = JSON.parse(stdout);
  expect(pullRequest).toEqual({ number: expect.any(Number), url: expect.stringMatching(/^http.*\/pull\/\d+$/) });
  expect(copy.filesIn('models')).toEqual(before);
  expect(await alias()).toBe(1);
  const [pull] = await pulls();
  expect(pull).toMatchObject({ title: 'models: promote late-order to version 2', number: pullRequest.number });
  expect(pull?.body).toContain('pass');
  expect(pull?.body).toContain(`Proposed: version 2, ${made.digests[1]}. Now: version 1, ${made.digests[0]}.`);
});

test('merged and pulled, the checkout is one whose champion verifies, as if it had been promoted there', async () => {
  await run(promote);
  const local = made.workspace.copy();
  await attachReport(local, 2, { digest: made.digests[1], champion: made.digests[0] });
  await passing(local, 'promote', 'late-order', '--version', '2');
  await mergeAndPull('promote/late-order-v2');
  expect(copy.filesIn('models')).toEqual(local.filesIn('models'));
  expect(await passing(copy, 'models')).toMatchObject([{ champion: { version: 2 }, problem: null }]);
  await passing(copy, ...promote);
  expect(await alias()).toBe(2);
});

test('the same promotion again finds the same pull request', async () => {
  const first = JSON.parse((await run(promote)).stdout);
  const second = JSON.parse((await run(promote)).stdout);
  expect(second).toEqual(first);
  expect(await pulls()).toHaveLength(1);
});

test('a rollback is a pull request that restores champion.json alone', async () => {
  const before = copy.read(`${folder}/champion.json`);
  await run(promote);
  await mergeAndPull('promote/late-order-v2');
  await passing(copy, ...promote);
  const main = await github.filesOf('main');
  const { exitCode, stdout } = await run(['rollback', 'late-order']);
  expect({ exitCode, outcome: JSON.parse(stdout) }).toMatchObject({
    exitCode: 0,
    outcome: { version: 1, before: { version: 2 } },
  });
  expect(await github.filesOf('rollback/late-order-v1')).toEqual({ ...main, [`${folder}/champion.json`]: before });
  await mergeAndPull('rollback/late-order-v1');
  expect(await passing(copy, 'models')).toMatchObject([{ champion: { version: 1 }, problem: null }]);
});

test('a version that its gates do not let pass gets no pull request', async () => {
  await attachReport(copy, 2, { digest: made.digests[1], champion: made.digests[0], outcomes: { slices: 'fail' } });
  expect(await run(promote)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('slices (fail)') });
  expect(await pulls()).toEqual([]);
});

test('a champion that moved on main meanwhile is not overrun', async () => {
  await github.commit('main', { [`${folder}/champion.json`]: JSON.stringify({ version: 3, digest: made.digests[2] }) });
  const before = copy.filesIn('models');
  expect(await run(promote)).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/champion.json on main is not the one of this checkout: .*pull, then decide again/),
  });
  expect(await pulls()).toEqual([]);
  expect(copy.filesIn('models')).toEqual(before);
});

test.each<[string, Answer, RegExp]>([
  ['403', { status: 403, json: { message: 'Resource not accessible' } }, /GITHUB_TOKEN: .*contents: write/],
  ['404', { status: 404, json: { message: 'Not Found' } }, /GITHUB_REPOSITORY: /],
  ['422', { status: 422, json: { message: 'Validation Failed' } }, /GitHub: .*Validation Failed/],
  ['502', { status: 502, text: '<html>' }, /GITHUB_API_URL: .*run it again/],
  [
    'a rate limit',
    {
      status: 403,
      json: { message: 'limit' },
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' },
    },
    /GITHUB_TOKEN: .*fewer requests at a time/,
  ],
  ['nothing', 'lose', /GITHUB_API_URL: /],
])('when GitHub answers %s the error says what to do, and nothing changed here', async (_, answer, message) => {
  const { access } = await scriptGithub(({ method }) => (method === 'POST' ? answer : 'forward'), github.access.apiUrl);
  const before = copy.filesIn('models');
  const ended = await run(promote, { ...github.environment, GITHUB_API_URL: access.apiUrl });
  expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
  expect(ended.stderr).toMatch(/^nothing was changed in this checkout and in the registry\ncauseway: /);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toContain(github.access.token);
  expect(copy.filesIn('models')).toEqual(before);
  expect(await alias()).toBe(1);
});

test('without a token, or without a repository, the checkout itself is changed', async () => {
  const { GITHUB_TOKEN: _, ...withoutToken } = github.environment;
  const { exitCode, stdout } = await run(promote, withoutToken);
  expect({ exitCode, pullRequest: JSON.parse(stdout).pullRequest }).toEqual({ exitCode: 0, pullRequest: null });
  expect(JSON.parse(copy.read(`${folder}/champion.json`)).version).toBe(2);
  expect(await pulls()).toEqual([]);
});

test('a malformed repository is bad input', async () => {
  const ended = await run(promote, { ...github.environment, GITHUB_REPOSITORY: 'shop' });
  expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/GITHUB_REPOSITORY: received "shop"/) });
});
