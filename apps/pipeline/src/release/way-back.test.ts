import { expect, test } from 'vitest';
import { recordedCluster, recordings } from './fixtures/recorded-ways-back.ts';
import { createReleaseReader, type ReleaseLook } from './read-release.ts';
import { releaseProgress } from './release-progress.ts';

async function ended(recording: keyof typeof recordings) {
  const look = await createReleaseReader(recordedCluster(recordings[recording]), {
    ...{ namespace: 'models', model: 'tides' },
  })();
  const { outcome, reason, byHand } = releaseProgress('9b9fd4c94', look as ReleaseLook, null);
  return { outcome, reason, byHand, from: look?.from?.podHash, judgement: look?.judgement };
}

test.each([
  ['after it was aborted', 'aborted', 'dbf76b747'],
  ['while it was judged', 'midWay', '5f789c74cb'],
] as const)(
  'going back to what serves, from a canary %s, is nothing that somebody did by hand',
  async (_, recording, from) => {
    const reason = `It served before ${from}, which the judge never let take its place, and serves all requests: going back takes no canary.`;
    expect(await ended(recording)).toEqual({ outcome: 'promoted', reason, byHand: [], from, judgement: null });
  },
);

test('a release of former pods that somebody promoted past the judge is told as such', async () => {
  expect(await ended('promoted')).toMatchObject({
    outcome: 'promoted',
    byHand: ['promoted by hand: the judge let 0 of 1 steps pass'],
    from: '5f789c74cb',
  });
});
