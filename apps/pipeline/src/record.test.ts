import { rmSync } from 'node:fs';
import type { ReleaseResult } from '@repo/contract/release-result';
import { exampleJudgement } from '@repo/gates/fixtures/example-release';
import { type Answer, scriptGithub } from '@repo/github/fixtures/scripted-github';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createReleasedWorkspaces, type Released, runUrl } from './fixtures/released-workspace.ts';

const folder = 'models/late-order';
let workspaces: Awaited<ReturnType<typeof createReleasedWorkspaces>>;
let released: Released;
beforeAll(async () => {
  workspaces = await createReleasedWorkspaces();
});
afterAll(() => workspaces.remove());
beforeEach(async () => {
  released = await workspaces.next();
});

const result: Released['result'] = (rest) => released.result(rest);
const record: Released['record'] = (content, environment) => released.record(content, environment);
const onGithub: Released['onGithub'] = () => released.onGithub();
const nothing = { issues: [], pulls: [], releases: [] };

const passed = exampleJudgement({ verdict: 'pass', reason: 'No metric is worse than its margin.', metrics: [] });

test('a rollback is an issue with the evidence and a pull request that goes back and closes it', async () => {
  const { exitCode, outcome } = await record(result());
  const { issues, pulls, releases } = await onGithub();
  const [issue, pull] = [issues[0], pulls[0]];
  expect({ exitCode, issues: issues.length, pulls: pulls.length, releases }).toEqual({
    ...{ exitCode: 1, issues: 1, pulls: 1, releases: [] },
  });
  expect(outcome).toMatchObject({
    outcome: 'rolled-back',
    issue: expect.stringContaining(`/issues/${issue?.number}`),
    pullRequest: expect.stringContaining(`/pull/${pull?.number}`),
  });
  expect(issue?.title).toBe('late-order version 2 was rolled back in staging');
  expect(issue?.body).toContain(`To go back: #${pull?.number}. Merging it closes this.`);
  expect(issue?.body).toContain('| ❌ fail | `errors` | +0.031 of requests |');
  expect(issue?.body).toContain(`Commit ${released.head}. Run: ${runUrl}.`);
  expect(pull?.branch).toBe('rollback/late-order-v1');
  expect(pull?.body).toContain('Brings late-order back from version 2 to version 1');
  expect(pull?.body).toContain(`Closes #${issue?.number}.`);
  const champion = (await released.github.filesOf('rollback/late-order-v1'))[`${folder}/champion.json`];
  expect(JSON.parse(champion ?? '')).toEqual({ version: 1, digest: workspaces.digests.one });
});

test('the same again finds the same issue and the same pull request, and writes nothing', async () => {
  await record(result());
  const before = await onGithub();
  const { access, requests } = await scriptGithub(() => 'forward', released.github.access.apiUrl);
  const again = await record(result(), { ...released.github.environment, GITHUB_API_URL: access.apiUrl });
  expect(again.exitCode).toBe(1);
  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(await onGithub()).toEqual(before);
});

test('cut off after the issue, the next run completes it', async () => {
  const { access } = await scriptGithub(
    ({ method, path }) => (method === 'POST' && /\/git\//.test(path) ? { status: 503 } : 'forward'),
    released.github.access.apiUrl,
  );
  const cut = await record(result(), { ...released.github.environment, GITHUB_API_URL: access.apiUrl });
  expect(cut).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/GITHUB_API_URL: .*503/) });
  expect((await onGithub()).pulls).toEqual([]);
  await record(result());
  const { issues, pulls } = await onGithub();
  expect({ issues: issues.length, pulls: pulls.length }).toEqual({ issues: 1, pulls: 1 });
  expect(issues[0]?.body).toContain(`To go back: #${pulls[0]?.number}.`);
});

test('what was closed stays closed: somebody has decided', async () => {
  await record(result());
  const { issues } = await onGithub();
  const closed = {
    owner: released.github.github.owner,
    repo: released.github.github.repo,
    issue_number: issues[0]?.number ?? 0,
    state: 'closed',
  } as const;
  await released.github.github.octokit.rest.issues.update(closed);
  const before = await onGithub();
  expect(await record(result())).toMatchObject({ exitCode: 1, outcome: { pullRequest: null } });
  expect(await onGithub()).toEqual(before);
});

test('a champion that moved on main meanwhile is not overrun: the issue says so instead', async () => {
  await released.github.commit('main', {
    [`${folder}/champion.json`]: JSON.stringify({ version: 3, digest: workspaces.digests.three }),
  });
  expect(await record(result())).toMatchObject({ exitCode: 1, outcome: { pullRequest: null } });
  const { issues, pulls } = await onGithub();
  expect(pulls).toEqual([]);
  expect(issues[0]?.body).toMatch(
    /^.*\nThere is no pull request that goes back: .*champion\.json on main is not the one/,
  );
});

test('a pull request that a person opened already is the one', async () => {
  const opened = await released.copy.run(['rollback', 'late-order', '--json'], released.github.environment);
  const { number } = JSON.parse(opened.stdout).pullRequest;
  await record(result());
  const { pulls, issues } = await onGithub();
  expect(pulls.map((pull) => pull.number)).toEqual([number]);
  expect(issues[0]?.body).toContain(`To go back: #${number}.`);
});

test.each<[string, () => Partial<ReleaseResult>, RegExp]>([
  ['there was no champion before', () => ({ from: null }), /^.*\nTo go back: /],
  [
    'only the image changed',
    () => ({ from: { podHash: '6f9c', image: 'i', champion: { version: 2, digest: workspaces.digests.two } } }),
    /champion\.json did not change with this release/,
  ],
  [
    'the version before is kept nowhere here',
    () => ({ from: { podHash: '6f9c', image: 'i', champion: { version: 7, digest: workspaces.digests.three } } }),
    /There is no pull request that goes back: .*received 7/,
  ],
])('where %s, the issue says what is left', async (_, rest, text) => {
  expect(await record(result(rest()))).toMatchObject({ exitCode: 1 });
  expect((await onGithub()).issues[0]?.body).toMatch(text);
});

test('the first champion of all has none to go back to, which the issue says', async () => {
  rmSync(released.copy.path(`${folder}/release/1`), { recursive: true });
  expect(await record(result({ from: null }))).toMatchObject({ exitCode: 1, outcome: { pullRequest: null } });
  expect((await onGithub()).issues[0]?.body).toMatch(/no champion before version 2/);
});

test('a promotion is recorded as a release of the version, once, and is no incident', async () => {
  for (let i = 0; i < 2; i++) {
    const ended = await record(result({ outcome: 'promoted', judgement: passed }));
    expect(ended).toMatchObject({ exitCode: 0, outcome: { outcome: 'promoted', issue: null } });
  }
  const { issues, pulls, releases } = await onGithub();
  const tag = { tag_name: 'models/late-order/v2', prerelease: true, target_commitish: released.head };
  expect({ issues, pulls, releases }).toMatchObject({ issues: [], pulls: [], releases: [tag] });
  expect(releases[0]?.body).toContain('✅ **promoted**: late-order version 2 in staging.');
});

test('what a person promoted in spite of the judge is recorded with that', async () => {
  const ended = await record(result({ outcome: 'promoted', byHand: ['promoted by hand'] }));
  expect(ended.exitCode).toBe(0);
  expect((await onGithub()).releases[0]?.body).toContain('- promoted by hand');
});

test('what nobody decided is said, with its own exit code, and nothing is written, with a token or without', async () => {
  for (const environment of [released.github.environment, {}]) {
    const ended = await record(result({ outcome: 'undecided' }), environment as Record<string, string>);
    expect(ended).toMatchObject({ exitCode: 3, outcome: { outcome: 'undecided', issue: null, release: null } });
  }
  expect(await onGithub()).toEqual(nothing);
});

const limit = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' };
test.each<[string, Answer, RegExp]>([
  ['403', { status: 403, json: { message: 'no' } }, /GITHUB_TOKEN: .*issues: write/],
  ['404', { status: 404, json: { message: 'Not Found' } }, /GITHUB_REPOSITORY: /],
  ['422', { status: 422, json: { message: 'Validation Failed' } }, /GitHub: .*Validation Failed/],
  ['502', { status: 502, text: '<html>' }, /GITHUB_API_URL: .*run it again/],
  ['a rate limit', { status: 403, json: { message: 'limit' }, headers: limit }, /GITHUB_TOKEN: .*fewer requests/],
])(
  'where issues are answered with %s, the way back is proposed all the same, and then it is an error',
  async (_, answer, message) => {
    const { access } = await scriptGithub(
      ({ method, path }) => (method === 'POST' && /\/issues$/.test(path) ? answer : 'forward'),
      released.github.access.apiUrl,
    );
    const ended = await record(result(), { ...released.github.environment, GITHUB_API_URL: access.apiUrl });
    expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) });
    expect(ended.stderr).not.toContain(released.github.access.token);
    const { issues, pulls } = await onGithub();
    expect({ issues: issues.length, pulls: pulls.length }).toEqual({ issues: 0, pulls: 1 });
  },
);

test('a GitHub that is away is an error that says so', async () => {
  const { access } = await scriptGithub(() => 'lose');
  const ended = await record(result(), { ...released.github.environment, GITHUB_API_URL: access.apiUrl });
  expect(ended).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/GITHUB_API_URL: .*run it again when it does/),
  });
});

test('without a token it says which it needs', async () => {
  const ended = await record(result(), {});
  expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/GITHUB_TOKEN: .*issues.*set both/) });
});
