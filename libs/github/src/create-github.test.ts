import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '@repo/contract/input-error';
import { expect, test } from 'vitest';
import { createGithub } from './create-github.ts';
import { type Answer, scriptGithub } from './fixtures/scripted-github.ts';

const needs = 'contents: read';

/** Asks for the repository, with seconds of a millisecond; answers how that ended and the requests that it took. */
async function ask(reply: (count: number) => Answer, timeoutMs = 5_000) {
  const { access, requests } = await scriptGithub((_, count) => reply(count));
  const github = createGithub({ ...access, timeoutMs, secondMs: 1 });
  const get = () => github.octokit.rest.repos.get({ owner: github.owner, repo: github.repo });
  const ended = await github.ask(needs, get).then(
    ({ data }) => data.full_name,
    (error: unknown) => error,
  );
  return { ended, requests, access };
}

const message = 'as scripted';
const inSeconds = (seconds: number) => String(Math.floor(Date.now() / 1000) + seconds);
const secondary = { json: { message: 'You have exceeded a secondary rate limit' }, headers: { 'retry-after': '30' } };

test.each<[string, Answer, number, RegExp]>([
  ['401', { status: 401, json: { message } }, 1, /^GITHUB_TOKEN: .*\(401\).*; allowed: a token that is valid/],
  ['403', { status: 403, json: { message } }, 1, /^GITHUB_TOKEN: .*\(403\).*; allowed: a token with contents: read/],
  ['404', { status: 404, json: { message } }, 1, /^GITHUB_REPOSITORY: .*\(404\).*GET \/repos\/bot\/shop; .*correct/],
  ['409', { status: 409, json: { message } }, 1, /^GITHUB_REPOSITORY: .*\(409\)/],
  ['422', { status: 422, json: { message, errors: [{ field: 'ref' }] } }, 1, /^GitHub: .*as scripted.*field.*\(422\)/],
  ['500', { status: 500, json: { message } }, 4, /^GITHUB_API_URL: .*\(500\).*run it again/],
  ['503', { status: 503, text: '<html>', headers: { 'content-type': 'text/html' } }, 4, /^GITHUB_API_URL: .*\(503\)/],
  ['a secondary limit', { status: 403, ...secondary }, 3, /^GITHUB_TOKEN: .*run it again in 30 s/],
  ['a secondary limit as 429', { status: 429, ...secondary }, 3, /^GITHUB_TOKEN: .*secondary.*run it again/],
  [
    'a limit that ends within the hour',
    {
      status: 403,
      json: { message },
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(3_000) },
    },
    1,
    /^GITHUB_TOKEN: .*allowed: fewer requests at a time; run it again after 2\d{3}-/,
  ],
  ['a connection that ends', 'lose', 4, /^GITHUB_API_URL: received "(UND_ERR_SOCKET|ECONNRESET)" from http/],
  ['an answer that breaks off', 'cut', 4, /^GITHUB_API_URL: received "UND_ERR_SOCKET" from http/],
  [
    'a page that is no JSON',
    { status: 200, text: '<html>log in</html>' },
    4,
    /^GITHUB_API_URL: .*an answer that is no JSON/,
  ],
])(
  '%s is an error that says what to do, after as many attempts as make sense',
  async (_, answer, attempts, expected) => {
    const { ended, requests, access } = await ask(() => answer);
    expect(ended).toBeInstanceOf(InputError);
    expect(String((ended as Error).message)).toMatch(expected);
    expect(String((ended as Error).message)).toContain(access.apiUrl);
    expect(requests).toHaveLength(attempts);
  },
);

test.each(['hang', 'hang in body'] as const)('a server that answers no more (%s) ends in an error too', async (how) => {
  const { ended, requests } = await ask(() => how, 50);
  expect(String(ended)).toMatch(/GITHUB_API_URL: received .*aborted due to timeout/);
  expect(requests).toHaveLength(4);
});

test('an address where nobody listens ends in an error', async () => {
  const port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port: free } = server.address() as AddressInfo;
      server.close(() => resolve(free));
    });
  });
  const access = { apiUrl: `http://127.0.0.1:${port}`, token: 'ghs_secretOfTheJob', repository: 'bot/shop' };
  const github = createGithub({ ...access, secondMs: 1 });
  await expect(github.ask(needs, () => github.octokit.rest.meta.root())).rejects.toThrow(
    /^GITHUB_API_URL: received "ECONNREFUSED" from http:\/\/127.0.0.1:\d+ to GET \/; allowed: a GitHub that answers/,
  );
});

test.each<[string, Answer]>([
  ['5xx', { status: 502 }],
  ['a lost answer', 'lose'],
  ['a secondary limit', { status: 403, ...secondary }],
  [
    'a limit that ends soon',
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(5) } },
  ],
  ['the limit of a proxy, which says only how long', { status: 429, headers: { 'retry-after': '2' } }],
])('%s is waited out', async (_, answer) => {
  const { ended, requests } = await ask((count) =>
    count === 1 ? answer : { status: 200, json: { full_name: 'bot/shop' } },
  );
  expect(ended).toBe('bot/shop');
  expect(requests).toHaveLength(2);
});

test('no error shows the token, even when the server says it', async () => {
  for (const status of [401, 403, 404, 422, 500]) {
    const { ended, requests } = await ask(() => ({
      status,
      json: { message: 'no: token ghs_secretOfTheJob\nis bad' },
    }));
    expect(requests[0]?.headers.authorization).toContain('ghs_secretOfTheJob');
    expect(String((ended as Error).message)).toContain('no: token *** is bad');
    expect(`${(ended as Error).stack}${JSON.stringify(ended)}`).not.toContain('ghs_secretOfTheJob');
  }
});

test('requests name the program, and go below the path of the address', async () => {
  const { access, requests } = await scriptGithub(() => ({ status: 200, json: {} }));
  const github = createGithub({ ...access, apiUrl: `${access.apiUrl}/api/v3`, secondMs: 1 });
  await github.octokit.rest.repos.get({ owner: github.owner, repo: github.repo });
  expect(requests[0]?.path).toBe('/api/v3/repos/bot/shop');
  expect(requests[0]?.headers['user-agent']).toMatch(/^causeway /);
});

test('what is no error of a request passes unchanged', async () => {
  const { access } = await scriptGithub(() => ({ status: 200 }));
  const defect = new TypeError('a defect');
  await expect(createGithub(access).ask(needs, () => Promise.reject(defect))).rejects.toBe(defect);
});
