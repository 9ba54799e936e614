import { rmSync, symlinkSync } from 'node:fs';
import type { ReleaseResult } from '@repo/contract/release-result';
import { exampleJudgement, exampleRelease } from '@repo/gates/fixtures/example-release';
import { type EmulatedGithub, emulateGithub } from '@repo/github/fixtures/emulated-github';
import { type Answer, scriptGithub } from '@repo/github/fixtures/scripted-github';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  attachReport,
  createPromotableWorkspace,
  type PromotableWorkspace,
  passing,
} from './fixtures/promotable-workspace.ts';
import type { TemporaryWorkspace } from './fixtures/temporary-workspace.ts';

const folder = 'models/late-order';
const runUrl = 'https://github.example/bot/shop/actions/runs/7';
let made: PromotableWorkspace;
let promoted: TemporaryWorkspace;
let github: EmulatedGithub;
let copy: TemporaryWorkspace;
let head: string;

// Version 2 took the place of version 1, and the checkout is a fresh one: no registry but git.
beforeAll(async () => {
  made = await createPromotableWorkspace();
  promoted = made.workspace.copy();
  const [one, two] = made.digests;
  await attachReport(promoted, 2, { digest: two, champion: one });
  await passing(promoted, 'promote', 'late-order', '--version', '2');
  rmSync(promoted.path('.causeway'), { recursive: true });
});
afterAll(() => made.workspace.remove());

beforeEach(async () => {
  copy = promoted.copy();
  github = await emulateGithub();
  const files = Object.entries(copy.filesIn('models'));
  head = await github.commit(
    'main',
    Object.fromEntries(files.map(([path, text]) => [`models/${path}`, Buffer.from(text, 'latin1')])),
  );
});

/** A result about this checkout's champion, changed. */
function result(rest: Partial<ReleaseResult> = {}): ReleaseResult {
  const { from, to, ...base } = exampleRelease();
  const [one, two] = made.digests;
  return {
    ...base,
    from: { podHash: '6f9c', image: 'i', ...from, champion: { version: 1, digest: one } },
    to: { ...to, champion: { version: 2, digest: two } },
    ...rest,
  };
}
const passed = exampleJudgement({ verdict: 'pass', reason: 'No metric is worse than its margin.', metrics: [] });

interface Ended {
  exitCode: number | null;
  stderr: string;
  outcome: Record<string, string | null>;
}
async function record(content: unknown, environment: Record<string, string> = github.environment): Promise<Ended> {
  copy.write('release.json', typeof content === 'string' ? content : JSON.stringify(content));
  const args = ['late-order', copy.path('release.json'), '--environment', 'staging', '--head', head, '--run', runUrl];
  const { exitCode, stdout, stderr } = await copy.run(['record', ...args, '--json'], environment);
  return { exitCode, stderr, outcome: stdout === '' ? {} : JSON.parse(stdout) };
}

const place = () => ({ owner: github.github.owner, repo: github.github.repo });
async function onGithub() {
  const { issues, pulls, repos } = github.github.octokit.rest;
  const state = 'all';
  return {
    issues: (await issues.listForRepo({ ...place(), state })).data.map(({ number, title, body, state }) => ({
      ...{ number, title, state, body: body ?? '' },
    })),
    pulls: (await pulls.list({ ...place(), state })).data.map(({ number, head: { ref }, body }) => ({
      ...{ number, branch: ref, body: body ?? '' },
    })),
    releases: (await repos.listReleases(place())).data.map(({ tag_name, prerelease, target_commitish, body }) => ({
      ...{ tag_name, prerelease, target_commitish, body: body ?? '' },
    })),
  };
}
const nothing = { issues: [], pulls: [], releases: [] };

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
  expect(issue?.body).toContain(`Commit ${head}. Run: ${runUrl}.`);
  expect(pull?.branch).toBe('rollback/late-order-v1');
  expect(pull?.body).toContain('Brings late-order back from version 2 to version 1');
  expect(pull?.body).toContain(`Closes #${issue?.number}.`);
  const champion = (await github.filesOf('rollback/late-order-v1'))[`${folder}/champion.json`];
  expect(JSON.parse(champion ?? '')).toEqual({ version: 1, digest: made.digests[0] });
});

test('the same again finds the same issue and the same pull request, and writes nothing', async () => {
  await record(result());
  const before = await onGithub();
  const { access, requests } = await scriptGithub(() => 'forward', github.access.apiUrl);
  const again = await record(result(), { ...github.environment, GITHUB_API_URL: access.apiUrl });
  expect(again.exitCode).toBe(1);
  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
  expect(await onGithub()).toEqual(before);
});

test('cut off after the issue, the next run completes it', async () => {
  const { access } = await scriptGithub(
    ({ method, path }) => (method === 'POST' && /\/git\//.test(path) ? { status: 503 } : 'forward'),
    github.access.apiUrl,
  );
  const cut = await record(result(), { ...github.environment, GITHUB_API_URL: access.apiUrl });
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
  const closed = { ...place(), issue_number: issues[0]?.number ?? 0, state: 'closed' } as const;
  await github.github.octokit.rest.issues.update(closed);
  const before = await onGithub();
  expect(await record(result())).toMatchObject({ exitCode: 1, outcome: { pullRequest: null } });
  expect(await onGithub()).toEqual(before);
});

test('a champion that moved on main meanwhile is not overrun: the issue says so instead', async () => {
  await github.commit('main', { [`${folder}/champion.json`]: JSON.stringify({ version: 3, digest: made.digests[2] }) });
  expect(await record(result())).toMatchObject({ exitCode: 1, outcome: { pullRequest: null } });
  const { issues, pulls } = await onGithub();
  expect(pulls).toEqual([]);
  expect(issues[0]?.body).toMatch(
    /^.*\nThere is no pull request that goes back: .*champion\.json on main is not the one/,
  );
});

test('a pull request that a person opened already is the one', async () => {
  const opened = await copy.run(['rollback', 'late-order', '--json'], github.environment);
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
    () => ({ from: { podHash: '6f9c', image: 'i', champion: { version: 2, digest: made.digests[1] } } }),
    /champion\.json did not change with this release/,
  ],
  [
    'the version before is kept nowhere here',
    () => ({ from: { podHash: '6f9c', image: 'i', champion: { version: 7, digest: made.digests[2] } } }),
    /There is no pull request that goes back: .*received 7/,
  ],
])('where %s, the issue says what is left', async (_, rest, text) => {
  expect(await record(result(rest()))).toMatchObject({ exitCode: 1 });
  expect((await onGithub()).issues[0]?.body).toMatch(text);
});

test('the first champion of all has none to go back to, which the issue says', async () => {
  rmSync(copy.path(`${folder}/release/1`), { recursive: true });
  expect(await record(result({ from: null }))).toMatchObject({ exitCode: 1, outcome: { pullRequest: null } });
  expect((await onGithub()).issues[0]?.body).toMatch(/no champion before version 2/);
});

test('a promotion is recorded as a release of the version, once, and is no incident', async () => {
  for (let i = 0; i < 2; i++) {
    const ended = await record(result({ outcome: 'promoted', judgement: passed }));
    expect(ended).toMatchObject({ exitCode: 0, outcome: { outcome: 'promoted', issue: null } });
  }
  const { issues, pulls, releases } = await onGithub();
  const tag = { tag_name: 'models/late-order/v2', prerelease: true, target_commitish: head };
  expect({ issues, pulls, releases }).toMatchObject({ issues: [], pulls: [], releases: [tag] });
  expect(releases[0]?.body).toContain('✅ **promoted**: late-order version 2 in staging.');
});

test('what nobody decided is said, with its own exit code, and nothing is written, with a token or without', async () => {
  for (const environment of [github.environment, {}]) {
    const ended = await record(result({ outcome: 'undecided' }), environment as Record<string, string>);
    expect(ended).toMatchObject({ exitCode: 3, outcome: { outcome: 'undecided', issue: null, release: null } });
  }
  expect(await onGithub()).toEqual(nothing);
});

const other = `sha256:${'f'.repeat(64)}`;
test.each<[string, () => unknown, RegExp]>([
  [
    'about another model',
    () => result({ model: 'other' }),
    /release\.json\.model: received "other"; allowed: "late-order"/,
  ],
  [
    'whose judgement is about another model',
    () => result({ judgement: exampleJudgement({ model: 'other' }) }),
    /judgement\.model: received "other"/,
  ],
  [
    'whose judgement is about other pods',
    () => result({ judgement: exampleJudgement({ canary: { podHash: 'ffff', versions: [] } }) }),
    /judgement\.canary\.podHash: received "ffff"; allowed: "7d4b"/,
  ],
  [
    'about a version that is not the champion',
    () => result({ to: { podHash: '7d4b', image: 'i', champion: { version: 9, digest: other } } }),
    /to\.champion: received \{"version":9.*allowed: \{"version":2/,
  ],
  [
    'about a bundle that is not the version',
    () => result({ to: { podHash: '7d4b', image: 'i', champion: { version: 2, digest: other } } }),
    /to\.champion: received/,
  ],
  [
    'that goes back to another bundle than the version before',
    () => result({ from: { podHash: '6f9c', image: 'i', champion: { version: 1, digest: other } } }),
    /from\.champion\.digest: received "sha256:f+.*no watch of this release printed it/,
  ],
  [
    'that was promoted in spite of its judgement',
    () => result({ outcome: 'promoted' }),
    /judgement\.verdict: received "fail"; allowed: "no fail/,
  ],
  [
    'that was promoted and does not know what',
    () => result({ outcome: 'promoted', judgement: null, to: { podHash: '7d4b', image: 'i', champion: null } }),
    /to\.champion: received none/,
  ],
  ['that ended before it began', () => result({ endedAt: '2025-01-01T00:00:00Z' }), /endedAt: received/],
  ['of another form', () => ({ ...result(), note: '<img>' }), /note: received "<img>"; allowed: no such field/],
  ['of another schema', () => ({ ...result(), schemaVersion: 2 }), /schemaVersion: received 2; allowed: 1/],
  ['that is too large', () => `{${' '.repeat(2 ** 20)}}`, /received more than 1048576 bytes/],
  ['that breaks off', () => JSON.stringify(result()).slice(0, -1), /received something else; allowed: a whole JSON/],
  ['that is empty', () => '', /received something else; allowed: a whole JSON/],
])('a result %s is refused, and nothing is written', async (_, content, message) => {
  const ended = await record(content());
  expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) });
  expect(await onGithub()).toEqual(nothing);
});

test('a link in place of the result is refused', async () => {
  copy.write('elsewhere.json', JSON.stringify(result()));
  symlinkSync(copy.path('elsewhere.json'), copy.path('link.json'));
  const args = ['record', 'late-order', copy.path('link.json'), '--environment', 'staging', '--head', head];
  const ended = await copy.run(args, github.environment);
  expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('a symbolic link') });
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
      github.access.apiUrl,
    );
    const ended = await record(result(), { ...github.environment, GITHUB_API_URL: access.apiUrl });
    expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) });
    expect(ended.stderr).not.toContain(github.access.token);
    const { issues, pulls } = await onGithub();
    expect({ issues: issues.length, pulls: pulls.length }).toEqual({ issues: 0, pulls: 1 });
  },
);

test('a GitHub that is away is an error that says so', async () => {
  const { access } = await scriptGithub(() => 'lose');
  const ended = await record(result(), { ...github.environment, GITHUB_API_URL: access.apiUrl });
  expect(ended).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/GITHUB_API_URL: .*run it again when it does/),
  });
});

test('without a token it says which it needs', async () => {
  const ended = await record(result(), {});
  expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/GITHUB_TOKEN: .*issues.*set both/) });
});

test.each([
  ['--run', 'https://evil.example/?x=actions/runs/1'],
  ['--environment', 'Staging; id'],
  ['--head', 'main'],
])('%s %s is bad input', async (flag, value) => {
  copy.write('release.json', JSON.stringify(result()));
  const given = { '--environment': 'staging', '--head': head, '--run': runUrl, [flag]: value };
  const ended = await copy.run(['record', 'late-order', copy.path('release.json'), ...Object.entries(given).flat()]);
  expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`${flag}: received`) });
});
