import { expect, test } from 'vitest';
import { emulateGithub } from './fixtures/emulated-github.ts';
import { openPromotions } from './open-promotions.ts';

test('open promotions of a model are found by their branch, and nothing else that is open', async () => {
  const { github, commit, openPull } = await emulateGithub();
  const { octokit, owner, repo } = github;
  const open = async (branch: string): Promise<number> => {
    await commit(branch, { 'models/x': branch });
    return openPull(branch);
  };
  const waiting = await open('promote/late-order-v3');
  for (const branch of ['promote/late-order-v2x', 'promote/late-order-views-v1', 'promote/other-v3', 'late-order-v3'])
    await open(branch);
  const closed = await open('promote/late-order-v2');
  await octokit.rest.pulls.update({ owner, repo, pull_number: closed, state: 'closed' });
  expect(await openPromotions(github, 'late-order')).toEqual([{ number: waiting, branch: 'promote/late-order-v3' }]);
});
