import { expect, test } from 'vitest';
import { awaitQuietRollout, releaseUnderWay } from './await-quiet-rollout.ts';
import type { ClusterGet } from './cluster-api.ts';
import type { RolloutObject } from './rollout-progress.ts';

const declared = { image: 'inference@sha256:2', champion: 'tides-champion-2', minReplicas: 4 };

/** A Rollout that is told to serve the champion before the one that is declared. */
const rollout = (status: RolloutObject['status'], champion = 'tides-champion-1'): RolloutObject => ({
  metadata: { generation: 2 },
  spec: {
    template: {
      spec: {
        containers: [{ image: declared.image }],
        volumes: [{ name: 'champion', configMap: { name: champion } }],
      },
    },
  },
  ...(status === undefined ? {} : { status: { observedGeneration: '2', ...status } }),
});
const underWay = { phase: 'Progressing', stableRS: 'a', currentPodHash: 'b' };
const healthy = { phase: 'Healthy', stableRS: 'b', currentPodHash: 'b' };

/** A cluster whose Rollout is seen so, look after look, and whose stable pods serve champion 0. */
function clusterThatGoes(...looks: (RolloutObject | null)[]): ClusterGet {
  let next = 0;
  return async (path) => {
    if (path.includes('/replicasets?'))
      return { status: 200, text: JSON.stringify({ items: [rollout({}, 'tides-champion-0')] }) };
    // Each look asks twice: whether it is there, and what it is.
    const object = looks[Math.min(Math.floor(next++ / 2), looks.length - 1)] ?? null;
    return object === null ? { status: 404, text: '{}' } : { status: 200, text: JSON.stringify(object) };
  };
}

const waiting = (get: ClusterGet, limitS = 60) => {
  const lines: string[] = [];
  const options = { namespace: 'models', name: 'tides', declared, limitS, everyMs: 1 };
  return { lines, end: awaitQuietRollout(get, { ...options, log: (line) => lines.push(line) }) };
};

test('a second release waits until the first is promoted, and says so once', async () => {
  const { lines, end } = waiting(
    clusterThatGoes(rollout(underWay), rollout(underWay), rollout(underWay), rollout(healthy)),
  );
  await end;
  expect(lines).toEqual(['waits for the release under way: Progressing, b beside a']);
});

test.each([
  ['there is none yet', null],
  ['it is the first and nothing serves beside it', rollout({ phase: 'Progressing', currentPodHash: 'b' })],
  ['it was rolled back', rollout({ ...underWay, phase: 'Degraded', abort: true })],
  ['it is healthy', rollout(healthy)],
  ['it is the very one that is declared', rollout(underWay, declared.champion)],
])('nothing is waited for when %s', async (_, object) => {
  const { lines, end } = waiting(clusterThatGoes(object));
  await end;
  expect(lines).toEqual([]);
});

test('going back to what serves is never held up, not even by a release that waits for a person', async () => {
  const paused = { ...underWay, phase: 'Paused', pauseConditions: [{ reason: 'InconclusiveAnalysisRun' }] };
  const options = { namespace: 'models', name: 'tides', limitS: 60, log: () => undefined };
  const back = { ...declared, champion: 'tides-champion-0' };
  await expect(
    awaitQuietRollout(clusterThatGoes(rollout(paused)), { ...options, declared: back }),
  ).resolves.toBeUndefined();
});

test('a change that the controller has not looked at yet is a release under way', () => {
  expect(releaseUnderWay(rollout({ ...healthy, observedGeneration: '1' }))).not.toBeNull();
});

test('one that waits for a person is not waited for: the second release is refused with what to do', async () => {
  const paused = { ...underWay, phase: 'Paused', pauseConditions: [{ reason: 'InconclusiveAnalysisRun' }] };
  await expect(waiting(clusterThatGoes(rollout(paused))).end).rejects.toThrow(
    /rollout tides: received another release under way \(Paused, b beside a\), which waits for a person; .*promote or abort tides/,
  );
});

test('one that lasts too long is refused likewise', async () => {
  await expect(waiting(clusterThatGoes(rollout(underWay)), 0.02).end).rejects.toThrow(
    /for 0.02 s; allowed: one release/,
  );
});
