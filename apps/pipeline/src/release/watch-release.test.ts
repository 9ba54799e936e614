import { releaseResultSchema } from '@repo/contract/release-result';
import { expect, test } from 'vitest';
import { exampleAnalysis, exampleJudgement, exampleLook, exampleSide } from './fixtures/example-look.ts';
import { createLiveView } from './live-view.ts';
import type { ReleaseLook } from './read-release.ts';
import { watchRelease } from './watch-release.ts';

const passed = exampleLook(
  { phase: 'Healthy', stableRS: '5d8f', currentStepIndex: 2 },
  { judgement: exampleJudgement('pass', 'Nothing is worse.'), analyses: [exampleAnalysis('Successful')] },
);

/** A release that is seen so, look after look, staying with the last; an Error is a look that fails. */
function watching(looks: readonly (ReleaseLook | Error | null)[], isTTY = false) {
  const written: string[] = [];
  let next = 0;
  let nowMs = Date.UTC(2026, 0, 1, 12);
  const result = watchRelease({
    model: 'tides',
    namespace: 'models',
    look: async () => {
      nowMs += 1000;
      const look = looks[Math.min(next++, looks.length - 1)] as ReleaseLook | Error | null;
      if (look instanceof Error) throw look;
      return look;
    },
    view: createLiveView({ isTTY, write: (text) => written.push(text) }),
    deadlineMs: 60_000,
    everyMs: 0,
    nowMs: () => nowMs,
  });
  return { result, text: () => written.join('') };
}

test('a release is followed to its end, and the result says from what to what, with the judgement', async () => {
  const { result, text } = watching([exampleLook({}, { to: null }), exampleLook(), passed]);
  const found = await result;
  expect(releaseResultSchema.parse(found)).toEqual(found);
  expect(found).toMatchObject({
    outcome: 'promoted',
    from: { podHash: '7cbb', champion: { version: 1 } },
    to: { podHash: '5d8f', champion: { version: 2 }, image: 'inference@sha256:1' },
    judgement: { verdict: 'pass' },
    byHand: [],
  });
  expect(text()).toContain('tides: version 2 (5d8f) in place of version 1 (7cbb)\n');
  expect(text()).toMatch(/step 1 of 2 \[#{10}-{10}\] 50 %/);
  expect(text()).toMatch(/\n {2}errors {8}inconclusive +5\.00 % \[2\.00 %, 9\.00 %\] +at most 0\.10 % +610 : 604\n/);
});

test('without a terminal a line is written once, and again only when it says something else', async () => {
  const { result, text } = watching([exampleLook(), exampleLook(), exampleLook(), passed]);
  await result;
  expect(text().match(/judge at .*: inconclusive/g)).toHaveLength(1);
  expect(text().match(/judge at .*: pass/g)).toHaveLength(1);
  expect(text()).not.toContain('\x1b');
});

test('on a terminal the view is drawn over the one before', async () => {
  const { result, text } = watching([exampleLook(), passed], true);
  await result;
  expect(text()).toContain('\x1b[6A\x1b[J');
});

test('what is done by hand in the middle is told once and kept', async () => {
  const more = exampleLook({}, {}, { replicas: 6 });
  const { result, text } = watching([exampleLook(), more, more, passed]);
  expect((await result).byHand).toEqual(['replicas changed from 4 to 6']);
  expect(text().match(/by hand: replicas/g)).toHaveLength(1);
});

test('one that goes on at its deadline is undecided', async () => {
  const { result } = watching([exampleLook()]);
  expect(await result).toMatchObject({
    outcome: 'undecided',
    reason: expect.stringMatching(/^It goes on after 6\d s/),
  });
});

test('a cluster that does not answer for a moment is asked again; one that stays away is an error', async () => {
  const lost = new Error('ECONNRESET');
  expect((await watching([exampleLook(), lost, lost, passed]).result).outcome).toBe('promoted');
  await expect(watching([exampleLook(), lost]).result).rejects.toThrow(/rollout tides in models: received ECONNRESET/);
  await expect(watching([null]).result).rejects.toThrow(/no Rollout tides in models/);
});

test('the evidence stays that of the pods that were watched, though others are asked for meanwhile', async () => {
  const replaced = exampleLook(
    { currentPodHash: '9999' },
    { to: exampleSide('9999', 3), judgement: exampleJudgement('pass', 'Of another.') },
  );
  const found = await watching([exampleLook(), replaced]).result;
  expect(found).toMatchObject({ outcome: 'undecided', to: { podHash: '5d8f' } });
  expect(found.judgement?.reason).toBe('More requests are needed.');
});
