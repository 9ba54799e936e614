import { expect, test } from 'vitest';
import { emulateGithub } from './fixtures/emulated-github.ts';
import { openPullRequests } from './open-pull-requests.ts';

test('a head commit leads to its open pull requests and to no other', async () => {
  const emulated = await emulateGithub();
  const sha = await emulated.commit('topic', { 'a.txt': 'a' });
  const other = await emulated.commit('other', { 'b.txt': 'b' });
  expect(await openPullRequests(emulated.github, sha)).toEqual([]);
  const number = await emulated.openPull('topic', '`$(id)` ]] --> <b>');
  await emulated.openPull('other');
  expect(await openPullRequests(emulated.github, sha)).toEqual([number]);
  const { octokit, owner, repo } = emulated.github;
  await octokit.rest.pulls.update({ owner, repo, pull_number: number, state: 'closed' });
  expect(await openPullRequests(emulated.github, sha)).toEqual([]);
  expect(await openPullRequests(emulated.github, other)).toHaveLength(1);
});
