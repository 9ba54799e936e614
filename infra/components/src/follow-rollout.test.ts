import { expect, test } from 'vitest';
import type { ClusterGet } from './cluster-api.ts';
import { followRollout } from './follow-rollout.ts';

const unready = {
  metadata: { name: 'bike-demand-1' },
  status: { phase: 'Running', containerStatuses: [{ ready: false, restartCount: 0, state: { running: {} } }] },
};

const declared = { image: 'inference@sha256:2', champion: 'bike-demand-champion-2', minReplicas: 4 };
const template = {
  spec: {
    containers: [{ image: declared.image }],
    volumes: [{ name: 'champion', configMap: { name: declared.champion } }],
  },
};

/** A cluster whose Rollout goes through these statuses, staying with the last, and whose one pod is not ready. */
function clusterThatGoes(...statuses: object[]): ClusterGet {
  let looks = 0;
  return async (path) => {
    if (path.includes('/proxy/')) return { status: 503, text: '{"error":"model bike-demand is damaged"}' };
    if (path.includes('/pods?')) return { status: 200, text: JSON.stringify({ items: [unready] }) };
    const status = { observedGeneration: '1', ...statuses[Math.min(looks++, statuses.length - 1)] };
    return {
      status: 200,
      text: JSON.stringify({ metadata: { generation: 1 }, spec: { replicas: 4, template }, status }),
    };
  };
}

const follow = (get: ClusterGet, patienceS: number) => {
  const lines: string[] = [];
  const options = { namespace: 'models', name: 'bike-demand', declared, patienceS, everyMs: 1 };
  return { lines, end: followRollout(get, { ...options, log: (line) => lines.push(line) }) };
};

test('it is followed until it is healthy, with a line for each step', async () => {
  const { lines, end } = follow(
    clusterThatGoes(
      { phase: 'Progressing' },
      { phase: 'Progressing', updatedReplicas: 1 },
      { phase: 'Healthy', availableReplicas: 4 },
    ),
    60,
  );
  await end;
  expect(lines).toHaveLength(2);
});

test('one that stands still is given up with what its pods say', async () => {
  const { end } = follow(clusterThatGoes({ phase: 'Progressing' }), 0.02);
  await expect(end).rejects.toThrow(/for 0.02 s; allowed: Healthy\n {2}bike-demand-1: .*model bike-demand is damaged/);
});

test('one that was aborted is not waited for', async () => {
  const { end } = follow(clusterThatGoes({ phase: 'Degraded', message: 'RolloutAborted' }), 3600);
  await expect(end).rejects.toThrow(/rollout bike-demand: received Degraded: RolloutAborted/);
});

test('pods that come and go are no progress: it is given up', async () => {
  const flapping = Array.from({ length: 2000 }, (_, i) => ({ phase: 'Progressing', availableReplicas: 3 + (i % 2) }));
  const { end } = follow(clusterThatGoes(...flapping, { phase: 'Healthy', availableReplicas: 4 }), 0.05);
  await expect(end).rejects.toThrow(/for 0.05 s; allowed: Healthy/);
});

test('an aborted one says how the same is tried again, since up would change nothing; another does not', async () => {
  const aborted = follow(clusterThatGoes({ phase: 'Degraded', abort: true }), 3600);
  await expect(aborted.end).rejects.toThrow(
    /kubectl argo rollouts retry rollout bike-demand -n models \(without its plugin: kubectl patch rollout bike-demand -n models .*"abort":false/,
  );
  const late = follow(clusterThatGoes({ phase: 'Degraded' }), 3600);
  await expect(late.end).rejects.toThrow(/correct it and run up again; the pods/);
});

test('a cluster that refuses to be read is told as such', async () => {
  const text = '{"kind":"Status","message":"rollouts is forbidden"}';
  await expect(follow(async () => ({ status: 403, text }), 3600).end).rejects.toThrow(/403: rollouts is forbidden/);
});

test('pods that may not be read take nothing away from what the Rollout says', async () => {
  const aborted = clusterThatGoes({ phase: 'Degraded', message: 'RolloutAborted' });
  const get: ClusterGet = async (path) => (path.includes('/pods?') ? { status: 403, text: 'no' } : aborted(path));
  await expect(follow(get, 3600).end).rejects.toThrow(/RolloutAborted(.|\n)*403: no/);
});
