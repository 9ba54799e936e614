import { expect, test } from 'vitest';
import { readGithubAccess } from './github-access.ts';

const job = { GITHUB_TOKEN: 'ghs_secretOfTheJob', GITHUB_REPOSITORY: 'bot/shop' };

test('a job has all that is needed, and GitHub Enterprise its own address', () => {
  expect(readGithubAccess(job)).toEqual({
    apiUrl: 'https://api.github.com',
    token: 'ghs_secretOfTheJob',
    repository: 'bot/shop',
  });
  const enterprise = { ...job, GITHUB_API_URL: 'https://github.shop.example/api/v3/' };
  expect(readGithubAccess(enterprise)?.apiUrl).toBe('https://github.shop.example/api/v3');
});

test('without a token or a repository GitHub is left alone', () => {
  expect(readGithubAccess({})).toBeNull();
  expect(readGithubAccess({ ...job, GITHUB_TOKEN: '' })).toBeNull();
  expect(readGithubAccess({ ...job, GITHUB_REPOSITORY: undefined })).toBeNull();
});

test.each([
  ['GITHUB_REPOSITORY', 'shop'],
  ['GITHUB_REPOSITORY', 'bot/shop/more'],
  ['GITHUB_REPOSITORY', 'bot/..'],
  ['GITHUB_REPOSITORY', 'bot/shop?x=1'],
  ['GITHUB_API_URL', 'github.com'],
  ['GITHUB_API_URL', 'file:///etc/passwd'],
  ['GITHUB_API_URL', 'https://user:password@github.com'],
  ['GITHUB_TOKEN', 'ghs_secret\nOfTheJob'],
])('%s %j is refused, and the token never shown', (name, value) => {
  const read = () => readGithubAccess({ ...job, [name]: value });
  expect(read).toThrow(new RegExp(`^${name}: received .*; allowed: `));
  expect(read).not.toThrow(/secret/);
});
