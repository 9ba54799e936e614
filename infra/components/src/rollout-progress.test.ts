import { expect, test } from 'vitest';
import { type DeclaredRollout, type RolloutObject, replicaFailures, rolloutProgress } from './rollout-progress.ts';

const declared: DeclaredRollout = { image: 'inference@sha256:2', champion: 'tides-champion-2', minReplicas: 4 };
const template = (image: string, champion: string) => ({
  spec: { containers: [{ image }], volumes: [{ name: 'champion', configMap: { name: champion } }] },
});
const progress = (object: RolloutObject) => rolloutProgress(object, declared);

const rollout = (status: RolloutObject['status'], generation = 2): RolloutObject => ({
  metadata: { generation },
  spec: { replicas: 4, template: template(declared.image, declared.champion) },
  ...(status === undefined ? {} : { status: { observedGeneration: '2', ...status } }),
});

test('it is done when it is healthy and the controller has seen what was asked for last', () => {
  expect(progress(rollout({ phase: 'Healthy', availableReplicas: 4 })).state).toBe('done');
});

test('one that serves from fewer replicas than declared is not done, however healthy it is called', () => {
  for (const availableReplicas of [0, 1, 3]) {
    const { state, what } = progress(rollout({ phase: 'Healthy', availableReplicas }));
    expect(state).toBe('working');
    expect(what).toContain(`${availableReplicas} available, at least 4 declared`);
  }
});

test('one that was taken back to another image or champion has failed, and says to which', () => {
  const status = { phase: 'Healthy', availableReplicas: 4 };
  const told = (image: string, champion: string) =>
    progress({ ...rollout(status), spec: { replicas: 4, template: template(image, champion) } });
  expect(told(declared.image, declared.champion).state).toBe('done');
  expect(told('inference@sha256:1', declared.champion)).toMatchObject({
    state: 'failed',
    what: expect.stringContaining('changed by someone else: inference@sha256:1 in place of inference@sha256:2'),
  });
  expect(told(declared.image, 'tides-champion-1')).toMatchObject({
    state: 'failed',
    what: expect.stringContaining('tides-champion-1 in place of tides-champion-2; "pulumi up --refresh"'),
  });
});

test('health of the version before says nothing about the one that was asked for', () => {
  expect(progress(rollout({ phase: 'Healthy', availableReplicas: 4 }, 3)).state).toBe('working');
  expect(progress(rollout(undefined)).state).toBe('working');
});

test('an aborted one has failed, with the reason', () => {
  expect(progress(rollout({ phase: 'Degraded', message: 'RolloutAborted: metric failed' }))).toMatchObject({
    state: 'failed',
    what: 'Degraded: RolloutAborted: metric failed; 0 new of 4 replicas, 0 available',
  });
});

test('a step that is held goes on by itself; a pause that waits for a person does not', () => {
  const paused = (reason: string) => progress(rollout({ phase: 'Paused', pauseConditions: [{ reason }] })).state;
  expect([paused('CanaryPauseStep'), paused('InconclusiveAnalysisRun')]).toEqual(['working', 'failed']);
});

test('every step further is told apart', () => {
  const at = (availableReplicas: number) => progress(rollout({ phase: 'Progressing', availableReplicas })).what;
  expect(at(1)).not.toBe(at(2));
});

test('what keeps pods from being made is told', () => {
  const condition = { type: 'ReplicaFailure', status: 'True', message: 'pods "a" is forbidden: violates PodSecurity' };
  expect(replicaFailures(rollout({ conditions: [condition, { type: 'Available', status: 'True' }] }))).toEqual([
    condition.message,
  ]);
});
