import { beforeEach, expect, test } from 'vitest';
import { BaseMoved } from './base-moved.ts';
import { createGithub } from './create-github.ts';
import { type EmulatedGithub, emulateGithub } from './fixtures/emulated-github.ts';
import { scriptGithub } from './fixtures/scripted-github.ts';
import { type ChampionChange, openPromotion } from './open-promotion.ts';
import { openRevert } from './open-revert.ts';

const folder = 'models/late-order';
const bytes = (text: string) => Buffer.from(text);
/** Not UTF-8, as a model is. */
const model = Uint8Array.from({ length: 256 }, (_, i) => i);
let emulated: EmulatedGithub;

beforeEach(async () => {
  emulated = await emulateGithub();
  await emulated.commit('main', {
    [`${folder}/champion.json`]: 'one',
    [`${folder}/model.ts`]: 'definition',
    [`${folder}/release/0/model.onnx`]: 'older',
    [`${folder}/release/1/model.onnx`]: 'old',
  });
});

const promotion = (rest: Partial<ChampionChange> = {}): ChampionChange => ({
  model: 'late-order',
  version: 2,
  before: bytes('one'),
  files: new Map([
    ['champion.json', bytes('two')],
    ['release/2/model.onnx', model],
    ['release/2/contract.json', bytes('{"a":"é\r\n\uFEFF"}')],
    ['release/2.evidence/report.json', bytes('{}')],
    ['release/0', null],
  ]),
  body: 'verdict: pass',
  ...rest,
});

async function pulls(state: 'open' | 'all' = 'open') {
  const { octokit, owner, repo } = emulated.github;
  const { data } = await octokit.rest.pulls.list({ owner, repo, state });
  return data.map(({ number, title, body, head, base }) => ({ number, title, body, head: head.ref, base: base.ref }));
}

async function commitsOf(branch: string): Promise<number> {
  const { octokit, owner, repo } = emulated.github;
  return (await octokit.rest.repos.listCommits({ owner, repo, sha: branch })).data.length;
}

test('a promotion is one commit on a branch of its own and a pull request with the report', async () => {
  const before = await emulated.filesOf('main');
  const { number, url } = await openPromotion(emulated.github, promotion());
  expect(url).toMatch(/\/pull\/\d+$/);
  const { [`${folder}/release/0/model.onnx`]: _, ...kept } = before;
  expect(await emulated.filesOf('promote/late-order-v2')).toEqual({
    ...kept,
    [`${folder}/champion.json`]: 'two',
    [`${folder}/release/2/model.onnx`]: Buffer.from(model).toString('latin1'),
    [`${folder}/release/2/contract.json`]: bytes('{"a":"é\r\n\uFEFF"}').toString('latin1'),
    [`${folder}/release/2.evidence/report.json`]: '{}',
  });
  expect(await emulated.filesOf('main')).toEqual(before);
  const title = 'models: promote late-order to version 2';
  expect(await pulls()).toEqual([
    { number, title, body: 'verdict: pass', head: 'promote/late-order-v2', base: 'main' },
  ]);
});

test('the same promotion again finds the same branch and pull request and writes nothing', async () => {
  const first = await openPromotion(emulated.github, promotion());
  const commits = await commitsOf('promote/late-order-v2');
  const { access, requests } = await scriptGithub(() => 'forward', emulated.access.apiUrl);
  const again = createGithub({ ...access, token: emulated.access.token, secondMs: 1 });
  expect((await openPromotion(again, promotion())).number).toBe(first.number);
  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(await commitsOf('promote/late-order-v2')).toBe(commits);
  expect(await pulls('all')).toHaveLength(1);
});

test('a promotion that changed is committed on top of what the branch holds, and the report replaced', async () => {
  const { number } = await openPromotion(emulated.github, promotion());
  await emulated.commit('promote/late-order-v2', { 'CHANGES.md': 'pushed by somebody' });
  const commits = await commitsOf('promote/late-order-v2');
  const files = new Map([...promotion().files, ['release/2.evidence/report.json', bytes('{"again":true}')]]);
  expect(await openPromotion(emulated.github, promotion({ files, body: 'verdict: pass again' }))).toMatchObject({
    number,
  });
  expect(await commitsOf('promote/late-order-v2')).toBeGreaterThan(commits);
  const written = await emulated.filesOf('promote/late-order-v2');
  expect(written[`${folder}/release/2.evidence/report.json`]).toBe('{"again":true}');
  expect(await pulls()).toMatchObject([{ number, body: 'verdict: pass again' }]);
});

test('after the pull request was closed a new one is opened from the same branch', async () => {
  const { octokit, owner, repo } = emulated.github;
  const first = await openPromotion(emulated.github, promotion());
  await octokit.rest.pulls.update({ owner, repo, pull_number: first.number, state: 'closed' });
  const second = await openPromotion(emulated.github, promotion());
  expect(second.number).not.toBe(first.number);
  expect(await pulls()).toMatchObject([{ number: second.number }]);
});

test.each<[string, Partial<ChampionChange>]>([
  ['is another by now', { before: bytes('zero') }],
  ['is there although it should not be', { before: null }],
  ['is not there', { model: 'other' }],
])('a promotion whose champion.json on main %s is refused, and nothing is written', async (_, rest) => {
  await expect(openPromotion(emulated.github, promotion(rest))).rejects.toThrow(BaseMoved);
  expect(await pulls('all')).toEqual([]);
  const { octokit, owner, repo } = emulated.github;
  expect((await octokit.rest.repos.listBranches({ owner, repo })).data).toHaveLength(1);
});

test('the first champion of a model is promoted into a folder that is not there yet', async () => {
  await openPromotion(emulated.github, promotion({ model: 'other', before: null }));
  expect(await emulated.filesOf('promote/other-v2')).toMatchObject({ 'models/other/champion.json': 'two' });
});

test('a revert changes champion.json alone where the release before is still there', async () => {
  const files = new Map([
    ['champion.json', bytes('zero')],
    ['release/1/model.onnx', bytes('old')],
  ]);
  const { number } = await openRevert(emulated.github, promotion({ version: 1, files, body: 'back' }));
  expect(await pulls()).toMatchObject([{ number, title: 'models: roll late-order back to version 1', body: 'back' }]);
  const main = await emulated.filesOf('main');
  expect(await emulated.filesOf('rollback/late-order-v1')).toEqual({ ...main, [`${folder}/champion.json`]: 'zero' });
});

test('a pull request whose answer was lost is found, not opened twice', async () => {
  const { access } = await scriptGithub(
    ({ method, path }) => (method === 'POST' && /\/pulls$/.test(path) ? 'forward and lose' : 'forward'),
    emulated.access.apiUrl,
  );
  const github = createGithub({ ...access, token: emulated.access.token, secondMs: 1 });
  const { number } = await openPromotion(github, promotion());
  expect(await pulls('all')).toMatchObject([{ number }]);
});

test('a token that may not push is told so', async () => {
  const { access } = await scriptGithub(
    ({ method }) => (method === 'POST' ? { status: 403, json: { message: 'no' } } : 'forward'),
    emulated.access.apiUrl,
  );
  const github = createGithub({ ...access, token: emulated.access.token, secondMs: 1 });
  await expect(openPromotion(github, promotion())).rejects.toThrow(
    /^GITHUB_TOKEN: received "no" \(403\).*; allowed: a token with contents: write and pull-requests: write on bot\/shop/,
  );
});
