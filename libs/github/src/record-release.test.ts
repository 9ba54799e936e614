import { beforeEach, expect, test } from 'vitest';
import { createGithub, type Github } from './create-github.ts';
import { type EmulatedGithub, emulateGithub } from './fixtures/emulated-github.ts';
import { type Answer, scriptGithub } from './fixtures/scripted-github.ts';
import { type ReleaseRecord, recordRelease } from './record-release.ts';

const digest = `sha256:${'0a'.repeat(32)}`;
const hidden = `<!-- causeway:release ${digest} -->`;
let emulated: EmulatedGithub;
let commit: string;
beforeEach(async () => {
  emulated = await emulateGithub();
  commit = await emulated.commit('main', { 'a.txt': 'a' });
});

const record = (rest: Partial<ReleaseRecord> = {}): ReleaseRecord => ({
  ...{ model: 'late-order', version: 2, digest, commit, isFinal: true, body: 'as good', isJudged: true },
  ...rest,
});

async function releases() {
  const { octokit, owner, repo } = emulated.github;
  const { data } = await octokit.rest.repos.listReleases({ owner, repo });
  return data.map(({ tag_name, name, target_commitish, prerelease, body }) => ({
    ...{ tag_name, name, target_commitish, prerelease, body },
  }));
}

async function behind(reply: (method: string, path: string) => Answer): Promise<Github> {
  const { access } = await scriptGithub(({ method, path }) => reply(method, path), emulated.access.apiUrl);
  return createGithub({ ...access, token: emulated.access.token, secondMs: 1 });
}

test('a version that serves is a release of its own tag, at the commit that was released', async () => {
  const { tag, url } = await recordRelease(emulated.github, record());
  expect({ tag, url }).toEqual({ tag: 'models/late-order/v2', url: expect.stringMatching(/^http.*releases/) });
  const named = { tag_name: tag, name: 'late-order version 2', target_commitish: commit };
  expect(await releases()).toEqual([{ ...named, prerelease: false, body: `${hidden}\nas good` }]);
});

test('the same again writes nothing', async () => {
  const first = await recordRelease(emulated.github, record());
  const { access, requests } = await scriptGithub(() => 'forward', emulated.access.apiUrl);
  const github = createGithub({ ...access, token: emulated.access.token, secondMs: 1 });
  expect((await recordRelease(github, record())).tag).toBe(first.tag);
  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('on the way it is a prerelease, at the end a release, and never again less', async () => {
  await recordRelease(emulated.github, record({ isFinal: false, body: 'in staging' }));
  expect(await releases()).toMatchObject([{ prerelease: true, body: `${hidden}\nin staging` }]);
  await recordRelease(emulated.github, record({ body: 'in prod' }));
  await recordRelease(emulated.github, record({ isFinal: false, body: 'in staging' }));
  expect(await releases()).toMatchObject([{ prerelease: false, body: `${hidden}\nin prod` }]);
});

test('a version that comes back without a judge keeps the evidence that it was released by', async () => {
  await recordRelease(emulated.github, record({ isFinal: false, body: 'judged' }));
  await recordRelease(emulated.github, record({ isFinal: false, isJudged: false, body: 'it serves again' }));
  expect(await releases()).toMatchObject([{ prerelease: true, body: `${hidden}\njudged` }]);
  await recordRelease(emulated.github, record({ isJudged: false, body: 'it serves again' }));
  expect(await releases()).toMatchObject([{ prerelease: false, body: `${hidden}\njudged` }]);
});

test('another bundle under the same version is refused', async () => {
  await recordRelease(emulated.github, record());
  const other = record({ digest: `sha256:${'0b'.repeat(32)}`, body: 'another' });
  await expect(recordRelease(emulated.github, other)).rejects.toThrow(
    /^release models\/late-order\/v2: received "sha256:0b.*; allowed: sha256:0a.*; .*a version never changes/,
  );
  expect(await releases()).toMatchObject([{ body: `${hidden}\nas good` }]);
});

test('a release that a person made under the tag is left as it is', async () => {
  const { octokit, owner, repo } = emulated.github;
  await octokit.rest.repos.createRelease({ owner, repo, tag_name: 'models/late-order/v2', body: 'by hand' });
  expect((await recordRelease(emulated.github, record())).tag).toBe('models/late-order/v2');
  expect(await releases()).toMatchObject([{ body: 'by hand' }]);
});

test('two that record at once end with one release', async () => {
  const made = await Promise.all([1, 2].map(() => recordRelease(emulated.github, record())));
  expect(made[0]).toEqual(made[1]);
  expect(await releases()).toHaveLength(1);
});

test.each<Answer>(['forward and lose', 'lose', { status: 502 }])(
  'a release whose answer is %j is looked for before it is made again',
  async (answer) => {
    let posts = 0;
    const github = await behind((method) => (method === 'POST' && ++posts === 1 ? answer : 'forward'));
    await recordRelease(github, record());
    expect(await releases()).toHaveLength(1);
  },
);

test.each<[string, Answer, RegExp]>([
  ['403', { status: 403, json: { message: 'no' } }, /^GITHUB_TOKEN: .*a token with contents: write on bot\/shop/],
  ['404', { status: 404, json: { message: 'Not Found' } }, /^GITHUB_REPOSITORY: .*404/],
  ['422', { status: 422, json: { message: 'Validation Failed' } }, /^GitHub: .*Validation Failed/],
  ['500', { status: 500, json: { message: 'broken' } }, /^GITHUB_API_URL: .*\(500\)/],
  [
    'a rate limit',
    {
      status: 403,
      json: { message: 'limit' },
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' },
    },
    /^GITHUB_TOKEN: .*fewer requests at a time/,
  ],
])('%s is an error that says what to do', async (_, answer, message) => {
  const github = await behind((method) => (method === 'POST' ? answer : 'forward'));
  await expect(recordRelease(github, record())).rejects.toThrow(message);
  expect(await releases()).toEqual([]);
});

test('evidence that is too long is cut behind its beginning', async () => {
  await recordRelease(emulated.github, record({ body: `pass\n${'x'.repeat(200_000)}` }));
  const [{ body = '' } = {}] = await releases();
  expect(body?.length).toBeLessThanOrEqual(65_536);
  expect(body?.startsWith(`${hidden}\npass\nxxx`)).toBe(true);
});
