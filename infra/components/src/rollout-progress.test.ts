import { expect, test } from 'vitest';
import { type RolloutObject, replicaFailures, rolloutProgress } from './rollout-progress.ts';

const rollout = (status: RolloutObject['status'], generation = 2): RolloutObject => ({
  metadata: { generation },
  spec: { replicas: 4 },
  ...(status === undefined ? {} : { status: { observedGeneration: '2', ...status } }),
});

test('it is done when it is healthy and the controller has seen what was asked for last', () => {
  expect(rolloutProgress(rollout({ phase: 'Healthy' })).state).toBe('done');
});

test('health of the version before says nothing about the one that was asked for', () => {
  expect(rolloutProgress(rollout({ phase: 'Healthy' }, 3)).state).toBe('working');
  expect(rolloutProgress(rollout(undefined)).state).toBe('working');
});

test('an aborted one has failed, with the reason', () => {
  expect(rolloutProgress(rollout({ phase: 'Degraded', message: 'RolloutAborted: metric failed' }))).toEqual({
    state: 'failed',
    what: 'Degraded: RolloutAborted: metric failed; 0 new of 4 replicas, 0 available',
  });
});

test('a step that is held goes on by itself; a pause that waits for a person does not', () => {
  const paused = (reason: string) => rolloutProgress(rollout({ phase: 'Paused', pauseConditions: [{ reason }] })).state;
  expect([paused('CanaryPauseStep'), paused('InconclusiveAnalysisRun')]).toEqual(['working', 'failed']);
});

test('every step further is told apart', () => {
  const at = (availableReplicas: number) => rolloutProgress(rollout({ phase: 'Progressing', availableReplicas })).what;
  expect(at(1)).not.toBe(at(2));
});

test('what keeps pods from being made is told', () => {
  const condition = { type: 'ReplicaFailure', status: 'True', message: 'pods "a" is forbidden: violates PodSecurity' };
  expect(replicaFailures(rollout({ conditions: [condition, { type: 'Available', status: 'True' }] }))).toEqual([
    condition.message,
  ]);
});
