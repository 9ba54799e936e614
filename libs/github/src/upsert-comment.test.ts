import { beforeEach, expect, test } from 'vitest';
import { createGithub } from './create-github.ts';
import { type EmulatedGithub, emulateGithub } from './fixtures/emulated-github.ts';
import { type Answer, scriptGithub } from './fixtures/scripted-github.ts';
import { upsertComment } from './upsert-comment.ts';

const marker = '<!-- causeway:gates -->';
let emulated: EmulatedGithub;
let number: number;

beforeEach(async () => {
  emulated = await emulateGithub();
  await emulated.commit('topic', { 'a.txt': 'a' });
  number = await emulated.openPull('topic');
});

const say = ({ owner, repo, octokit } = emulated.stranger, body = 'hm') =>
  octokit.rest.issues.createComment({ owner, repo, issue_number: number, body });

/** The emulated GitHub behind a server that answers otherwise where told so. */
async function behind(reply: (method: string, path: string, count: number) => Answer, token = emulated.access.token) {
  const seen = new Map<string, number>();
  const { access } = await scriptGithub(({ method, path }) => {
    const key = `${method} ${path}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return reply(method, path, seen.get(key) as number);
  }, emulated.access.apiUrl);
  return createGithub({ ...access, token, secondMs: 1 });
}

test('the first time a comment is written, from then on it is changed in place', async () => {
  const first = await upsertComment(emulated.github, number, 'verdict: fail');
  await say();
  const second = await upsertComment(emulated.github, number, 'verdict: pass');
  expect(second).toEqual(first);
  expect(first?.url).toMatch(/^http/);
  expect(await emulated.commentsOf(number)).toEqual([`${marker}\nverdict: pass`, 'hm']);
});

test('where there is no comment yet, none is created when only an old one is to be corrected', async () => {
  expect(await upsertComment(emulated.github, number, 'nothing to judge', { onlyIfThere: true })).toBeNull();
  expect(await emulated.commentsOf(number)).toEqual([]);
  await upsertComment(emulated.github, number, 'verdict: fail');
  expect(await upsertComment(emulated.github, number, 'nothing to judge', { onlyIfThere: true })).not.toBeNull();
  expect(await emulated.commentsOf(number)).toEqual([`${marker}\nnothing to judge`]);
});

test('the marker in a comment of somebody else, or quoted in one of our own, is ignored', async () => {
  await say(emulated.stranger, `${marker}\nverdict: pass, says the stranger`);
  await say(emulated.github, `> ${marker}\nwhat is this?`);
  for (const body of ['verdict: fail', 'verdict: still fail']) await upsertComment(emulated.github, number, body);
  expect(await emulated.commentsOf(number)).toEqual([
    `${marker}\nverdict: pass, says the stranger`,
    `> ${marker}\nwhat is this?`,
    `${marker}\nverdict: still fail`,
  ]);
});

test('our comment is found on the second page', async () => {
  for (let i = 0; i < 100; i++) await say();
  await upsertComment(emulated.github, number, 'one');
  await upsertComment(emulated.github, number, 'two');
  expect((await emulated.commentsOf(number)).slice(100)).toEqual([`${marker}\ntwo`]);
});

test('two that write at once end with one comment, and those of an earlier defect go', async () => {
  await Promise.all(['one', 'two'].map((body) => upsertComment(emulated.github, number, body)));
  expect(await emulated.commentsOf(number)).toEqual([expect.stringMatching(/\n(one|two)$/)]);
  await say(emulated.github, `${marker}\na second one`);
  await upsertComment(emulated.github, number, 'three');
  expect(await emulated.commentsOf(number)).toEqual([`${marker}\nthree`]);
});

test.each<Answer>(['forward and lose', 'lose', { status: 502 }])(
  'a comment whose answer is %j is looked for before it is written again',
  async (answer) => {
    const github = await behind((method, _, count) => (method === 'POST' && count === 1 ? answer : 'forward'));
    await upsertComment(github, number, 'verdict: pass');
    expect(await emulated.commentsOf(number)).toEqual([`${marker}\nverdict: pass`]);
  },
);

test('a list that breaks off is an error and not an empty one, so that nothing is written', async () => {
  await upsertComment(emulated.github, number, 'verdict: pass');
  const github = await behind((method, path) => (method === 'GET' && /comments/.test(path) ? 'cut' : 'forward'));
  await expect(upsertComment(github, number, 'verdict: fail')).rejects.toThrow(/^GITHUB_API_URL: /);
  expect(await emulated.commentsOf(number)).toEqual([`${marker}\nverdict: pass`]);
});

test.each(['github-actions[bot]', 'github-actions'])(
  'the token of a job, which the REST API tells no login, asks GraphQL for it: %s',
  async (login) => {
    await say(emulated.github, `${marker}\nof the bot`);
    const forbidden = { status: 403, json: { message: 'Resource not accessible by integration' } };
    const viewer = { status: 200, json: { data: { viewer: { login } } } };
    const reply = (path: string): Answer => (path === '/user' ? forbidden : path === '/graphql' ? viewer : 'forward');
    const github = await behind((_, path) => reply(path), 'token-of-job');
    for (const body of ['one', 'two']) await upsertComment(github, number, body);
    expect(await emulated.commentsOf(number)).toEqual([`${marker}\nof the bot`, `${marker}\ntwo`]);
  },
);

test('a body over the limit is cut behind the verdict; one with hostile text is stored as it came', async () => {
  await upsertComment(emulated.github, number, `verdict: fail\n${'x'.repeat(70_000)}`);
  const [long = ''] = await emulated.commentsOf(number);
  expect(long.length).toBeLessThanOrEqual(65_536);
  expect(long).toMatch(/^<!-- causeway:gates -->\nverdict: fail\nxxx/);
  const hostile = 'verdict: fail\n\u202E--> <script>alert(1)</script> `$(rm -rf /)` @everyone';
  await upsertComment(emulated.github, number, hostile);
  expect(await emulated.commentsOf(number)).toEqual([`${marker}\n${hostile}`]);
});

test('a pull request that is not there is an error', async () => {
  await expect(upsertComment(emulated.github, 99, 'verdict: pass')).rejects.toThrow(/^GITHUB_REPOSITORY: .*404/);
});
