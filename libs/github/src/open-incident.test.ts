import { beforeEach, expect, test } from 'vitest';
import { createGithub, type Github } from './create-github.ts';
import { type EmulatedGithub, emulateGithub } from './fixtures/emulated-github.ts';
import { type Answer, scriptGithub } from './fixtures/scripted-github.ts';
import { describeIncident, type Incident, openIncident } from './open-incident.ts';

let emulated: EmulatedGithub;
beforeEach(async () => {
  emulated = await emulateGithub();
});

const incident = (rest: Partial<Incident> = {}): Incident => ({
  key: 'rollback late-order staging v2',
  evidence: 'abcdef',
  title: 'late-order version 2 was rolled back in staging',
  labels: ['rollback', 'late-order'],
  ...rest,
});
const hidden = '<!-- causeway:incident rollback late-order staging v2 | abcdef -->';

async function issues() {
  const { octokit, owner, repo } = emulated.github;
  const { data } = await octokit.rest.issues.listForRepo({ owner, repo, state: 'all', direction: 'asc' });
  const nameOf = (label: string | { name?: string }) => (typeof label === 'string' ? label : label.name);
  return data.map(({ number, title, state, body, labels }) => ({
    ...{ number, title, state, body },
    labels: labels.map(nameOf).sort(),
  }));
}
const close = async (number: number) => {
  const { octokit, owner, repo } = emulated.github;
  await octokit.rest.issues.update({ owner, repo, issue_number: number, state: 'closed' });
};

/** The emulated GitHub behind a server that answers otherwise where told so. */
async function behind(reply: (method: string, path: string, count: number) => Answer): Promise<Github> {
  const { access } = await scriptGithub(
    ({ method, path }, count) => reply(method, path, count),
    emulated.access.apiUrl,
  );
  return createGithub({ ...access, token: emulated.access.token, secondMs: 1 });
}

test('the first time an issue is opened with its labels, from then on it is found again, and its text changed in place', async () => {
  const first = await openIncident(emulated.github, incident(), 'errors');
  expect(first).toMatchObject({ url: expect.stringMatching(/\/issues\/\d+$/), isClosed: false, body: 'errors' });
  const second = await openIncident(emulated.github, incident({ evidence: 'fedcba' }), 'not used');
  expect(second).toEqual(first);
  await describeIncident(emulated.github, incident(), second, 'errors, and slow');
  const title = 'late-order version 2 was rolled back in staging';
  const labels = ['late-order', 'rollback'];
  expect(await issues()).toEqual([
    { number: first.number, title, state: 'open', labels, body: `${hidden}\nerrors, and slow` },
  ]);
});

test('nothing is written when all of it stands there already', async () => {
  const { access, requests } = await scriptGithub(() => 'forward', emulated.access.apiUrl);
  const github = createGithub({ ...access, token: emulated.access.token, secondMs: 1 });
  const issue = await openIncident(emulated.github, incident(), 'errors');
  expect(await openIncident(github, incident(), 'errors')).toEqual(issue);
  await describeIncident(github, incident(), issue, 'errors');
  expect(requests.filter(({ method }) => method !== 'GET')).toEqual([]);
});

test('what is about something else is another issue', async () => {
  const keys = ['rollback late-order staging v2', 'rollback late-order staging v20', 'rollback late-order prod v2'];
  const numbers = [];
  for (const key of keys) numbers.push((await openIncident(emulated.github, incident({ key }), key)).number);
  for (const [i, key] of keys.entries())
    expect((await openIncident(emulated.github, incident({ key }), key)).number).toBe(numbers[i]);
  expect(new Set(numbers).size).toBe(3);
});

test('an issue that somebody closed stays closed, until something new is seen', async () => {
  const { number } = await openIncident(emulated.github, incident(), 'errors');
  await close(number);
  const again = await openIncident(emulated.github, incident(), 'errors');
  expect(again).toMatchObject({ number, isClosed: true });
  await describeIncident(emulated.github, incident(), again, 'more words');
  expect(await issues()).toMatchObject([{ state: 'closed', body: `${hidden}\nerrors` }]);
  const anew = await openIncident(emulated.github, incident({ evidence: 'fedcba' }), 'slow');
  expect(anew).toMatchObject({ number, isClosed: false });
  expect(await issues()).toMatchObject([{ number, state: 'open', body: expect.stringMatching(/fedcba -->\nslow$/) }]);
});

test('the hidden line in an issue of somebody else, or quoted in one of our own, is ignored', async () => {
  const { octokit, owner, repo } = emulated.github;
  const labels = ['rollback'];
  await emulated.stranger.octokit.rest.issues.create({ owner, repo, title: 'mine', body: hidden, labels });
  await octokit.rest.issues.create({ owner, repo, title: 'a quote', body: `> ${hidden}`, labels });
  const { number } = await openIncident(emulated.github, incident(), 'errors');
  expect((await issues()).at(-1)).toMatchObject({ number, body: `${hidden}\nerrors` });
  expect(await issues()).toHaveLength(3);
});

test('an issue on the second page is found', async () => {
  const { number } = await openIncident(emulated.github, incident(), 'errors');
  const { octokit, owner, repo } = emulated.github;
  for (let i = 0; i < 100; i++)
    await octokit.rest.issues.create({ owner, repo, title: `other ${i}`, labels: ['rollback'] });
  expect((await openIncident(emulated.github, incident(), 'errors')).number).toBe(number);
});

test.each<Answer>(['forward and lose', 'lose', { status: 502 }])(
  'an issue whose answer is %j is looked for before it is opened again',
  async (answer) => {
    let posts = 0;
    const github = await behind((method) => (method === 'POST' && ++posts === 1 ? answer : 'forward'));
    await openIncident(github, incident(), 'errors');
    expect(await issues()).toHaveLength(1);
  },
);

test('a list that breaks off is an error and not an empty one, so that nothing is written', async () => {
  await openIncident(emulated.github, incident(), 'errors');
  const github = await behind((method, path) => (method === 'GET' && /issues/.test(path) ? 'cut' : 'forward'));
  await expect(openIncident(github, incident(), 'errors')).rejects.toThrow(/^GITHUB_API_URL: /);
  expect(await issues()).toHaveLength(1);
});

test.each<[string, Answer, RegExp]>([
  ['403', { status: 403, json: { message: 'no' } }, /^GITHUB_TOKEN: .*a token with issues: write on bot\/shop/],
  ['404', { status: 404, json: { message: 'Not Found' } }, /^GITHUB_REPOSITORY: .*what a token with issues: write/],
  ['410, as without issues', { status: 410, json: { message: 'Issues are disabled' } }, /^GitHub: .*are disabled.*410/],
  ['422', { status: 422, json: { message: 'Validation Failed' } }, /^GitHub: .*Validation Failed/],
  ['503', { status: 503, text: '<html>' }, /^GITHUB_API_URL: .*\(503\)/],
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
  await expect(openIncident(github, incident(), 'errors')).rejects.toThrow(message);
  expect(await issues()).toEqual([]);
});

test('a hostile title stays one line of text, and a text that is too long is cut behind its beginning', async () => {
  await openIncident(emulated.github, incident({ title: '\u202Elate\n<b>' }), `fail\n${'x'.repeat(70_000)}`);
  const [{ title = '', body = '' } = {}] = await issues();
  expect(title).toBe('late <b>');
  expect(body?.length).toBeLessThanOrEqual(65_536);
  expect(body?.startsWith(`${hidden}\nfail\nxxx`)).toBe(true);
});

test.each(['a --> b', 'a\nb', '', 'x'.repeat(300)])('a key that could end the hidden line is a defect: %j', (key) => {
  expect(() => openIncident(emulated.github, incident({ key }), 'errors')).toThrow(RangeError);
});
