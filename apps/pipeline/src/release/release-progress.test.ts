import { expect, test } from 'vitest';
import { exampleAnalysis, exampleJudgement, exampleLook } from './fixtures/example-look.ts';
import type { ReleaseLook } from './read-release.ts';
import { releaseProgress } from './release-progress.ts';

const progress = (look: ReleaseLook, before: ReleaseLook | null = null) => releaseProgress('5d8f', look, before);

test('a canary that is looked at goes on', () => {
  expect(progress(exampleLook({ message: 'more replicas need to be updated' }))).toEqual({
    outcome: null,
    reason: 'Progressing: more replicas need to be updated',
    byHand: [],
  });
});

test('one that the judge let pass at every step is promoted, by nobody in particular', () => {
  const status = { phase: 'Healthy', stableRS: '5d8f' };
  const judgement = exampleJudgement('pass', 'Nothing is worse.');
  expect(progress(exampleLook(status, { judgement, analyses: [exampleAnalysis('Successful')] }))).toEqual({
    outcome: 'promoted',
    reason: 'Nothing is worse.',
    byHand: [],
  });
});

test('one that was promoted past the judge was so by hand', () => {
  const ended = exampleAnalysis('Successful');
  const terminated = { ...ended, status: { ...ended.status, message: 'Run Terminated' } };
  for (const analyses of [[terminated], [exampleAnalysis('Running')]]) {
    const { outcome, byHand } = progress(exampleLook({ phase: 'Healthy', stableRS: '5d8f' }, { analyses }));
    expect([outcome, byHand]).toEqual(['promoted', ['promoted by hand: the judge let 0 of 1 steps pass']]);
  }
});

test('one that the judge failed is rolled back, with the reason of the judge', () => {
  const judgement = exampleJudgement('fail', 'Errors are 5 % more.');
  const analyses = [exampleAnalysis('Failed')];
  const status = { phase: 'Degraded', abort: true, message: 'RolloutAborted: metric "judge" assessed Failed' };
  expect(progress(exampleLook(status, { judgement, analyses }))).toEqual({
    outcome: 'rolled-back',
    reason: 'Errors are 5 % more.',
    byHand: [],
  });
});

test('one whose pods did not become ready is rolled back for that', () => {
  const message = 'RolloutAborted: Rollout aborted update to revision 3';
  const { outcome, reason, byHand } = progress(
    exampleLook({ phase: 'Degraded', abort: true, message }, { judgement: null, analyses: [] }),
  );
  expect([outcome, byHand]).toEqual(['rolled-back', []]);
  expect(reason).toMatch(/^Its pods did not become ready in time, or somebody aborted it .* RolloutAborted/);
});

test('one that somebody aborted while it was judged is told as such', () => {
  const message = 'RolloutAborted: Rollout aborted update to revision 3';
  const ended = exampleAnalysis('Successful');
  const terminated = { ...ended, status: { ...ended.status, message: 'Run Terminated' } };
  for (const analyses of [[terminated], [exampleAnalysis('Running')]]) {
    const { outcome, byHand } = progress(exampleLook({ phase: 'Degraded', abort: true, message }, { analyses }));
    expect([outcome, byHand]).toEqual(['rolled-back', [`aborted by hand: ${message}`]]);
  }
});

test('one that nobody decided by its deadline is undecided, with what the judge said last, or that it is away', () => {
  const status = { phase: 'Paused', pauseConditions: [{ reason: 'InconclusiveAnalysisRun' }] };
  expect(progress(exampleLook(status))).toMatchObject({
    outcome: 'undecided',
    reason: 'Nobody has decided by its deadline; it is paused. More requests are needed.',
  });
  const away = progress(exampleLook(status, { judgement: null, judgeAway: 'connection refused' }));
  expect(away.reason).toContain('The judge is away: connection refused');
});

test.each([
  ['back to what served before', '7cbb', 'rolled-back'],
  ['to something else', '9999', 'undecided'],
])('pods that are changed %s in the middle end the release', (_, currentPodHash, outcome) => {
  const changed = progress(exampleLook({ currentPodHash }));
  expect(changed).toMatchObject({ outcome, byHand: [expect.stringContaining(currentPodHash)] });
});

test('replicas and a pause that somebody set are told, and it goes on', () => {
  const changed = progress(exampleLook({}, {}, { replicas: 6, paused: true }), exampleLook());
  expect(changed).toMatchObject({ outcome: null, byHand: ['paused by hand', 'replicas changed from 4 to 6'] });
});
