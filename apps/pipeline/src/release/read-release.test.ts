import { expect, test } from 'vitest';
import type { Cluster } from '../cluster/cluster.ts';
import { exampleJudgement } from './fixtures/example-look.ts';
import { createReleaseReader } from './read-release.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const replicaSet = (podHash: string, revision: number, champion: string) => ({
  metadata: {
    labels: { 'rollouts-pod-template-hash': podHash },
    annotations: { 'rollout.argoproj.io/revision': String(revision) },
  },
  spec: {
    replicas: 2,
    template: {
      spec: {
        containers: [{ image: `inference@${podHash}` }],
        volumes: [{ name: 'champion', configMap: { name: champion } }],
      },
    },
  },
  status: { readyReplicas: 1 },
});
const measured = (phase: string, finishedAt: string, value?: string) => ({
  ...{ phase, finishedAt },
  ...(value === undefined ? { message: 'connection refused' } : { value }),
});
const analysis = (name: string, measurements: object[], revision = 3) => ({
  metadata: {
    ...{ name, creationTimestamp: '2026-01-01T12:00:00Z', labels: { 'rollout-type': 'Step' } },
    annotations: { 'rollout.argoproj.io/revision': String(revision) },
  },
  status: { phase: 'Running', metricResults: [{ name: 'judge', measurements }] },
});

/** A cluster that answers these objects by the end of their path. */
function clusterOf(status: object, runs: object[], generation = 3): Cluster {
  const champions: Record<string, number> = { 'tides-champion-1': 1, 'tides-champion-2': 2 };
  const answers: readonly (readonly [RegExp, (path: string) => unknown])[] = [
    [
      /\/rollouts\/tides$/,
      () => ({ metadata: { generation }, spec: {}, status: { observedGeneration: '3', ...status } }),
    ],
    [
      /\/replicasets\?/,
      () => ({
        items: [
          replicaSet('0000', 1, 'gone'),
          replicaSet('7cbb', 2, 'tides-champion-1'),
          replicaSet('5d8f', 3, 'tides-champion-2'),
        ],
      }),
    ],
    [/\/analysisruns\?/, () => ({ items: runs })],
    [
      /\/configmaps\//,
      (path) => {
        const version = champions[path.split('/').at(-1) ?? ''];
        return version === undefined ? null : { data: { 'champion.json': JSON.stringify({ version, digest }) } };
      },
    ],
  ];
  const get: Cluster['get'] = async (path) => {
    const answer = answers.find(([form]) => form.test(path))?.[1](path) ?? null;
    return answer === null ? { status: 404, text: '{}' } : { status: 200, text: JSON.stringify(answer) };
  };
  return { get, getFromPod: () => Promise.reject(new Error('nobody asks pods')), close: () => undefined };
}

const read = (status: object, runs: object[] = [], generation = 3) =>
  createReleaseReader(clusterOf(status, runs, generation), { namespace: 'models', model: 'tides' })();

test('both sides are named by the champion that their pods were made with', async () => {
  const look = await read({ currentPodHash: '5d8f', stableRS: '7cbb' });
  expect(look).toMatchObject({
    from: { podHash: '7cbb', champion: { version: 1, digest }, image: 'inference@7cbb', readyPods: 1, wantedPods: 2 },
    to: { podHash: '5d8f', champion: { version: 2 } },
  });
});

test('once it is promoted the side before is the revision before', async () => {
  const look = await read({ currentPodHash: '5d8f', stableRS: '5d8f' });
  expect([look?.from?.podHash, look?.to?.podHash]).toEqual(['7cbb', '5d8f']);
});

test('a champion that the cluster has forgotten is unknown, and so is a first release from nothing', async () => {
  const look = await read({ currentPodHash: '7cbb', stableRS: '0000' });
  expect(look?.from?.champion).toBeNull();
  expect((await read({ currentPodHash: '0000', stableRS: '0000' }))?.from).toBeNull();
});

test('what the judge said last is taken from whichever step it was in, and its silence since then is told', async () => {
  const pass = JSON.stringify(exampleJudgement('pass', 'Nothing is worse.'));
  const doubt = JSON.stringify(exampleJudgement('inconclusive', 'More requests are needed.'));
  const runs = [
    analysis('a', [
      measured('Inconclusive', '2026-01-01T12:01:00Z', doubt),
      measured('Successful', '2026-01-01T12:02:00Z', pass),
    ]),
    analysis('b', [measured('Error', '2026-01-01T12:03:00Z')]),
  ];
  const status = { currentPodHash: '5d8f', stableRS: '7cbb' };
  expect(await read(status, runs)).toMatchObject({ judgement: { verdict: 'pass' }, judgeAway: 'connection refused' });
  const alien = [analysis('a', [measured('Successful', '2026-01-01T12:02:00Z', '{"verdict":"pass"}')])];
  expect(await read(status, alien)).toMatchObject({ judgement: null, judgeAway: null });
});

test('what was said about an earlier release of the same pods is not said about this one', async () => {
  const failed = [measured('Failed', '2026-01-01T12:01:00Z', JSON.stringify(exampleJudgement('fail', 'It errs.')))];
  const status = { currentPodHash: '5d8f', stableRS: '7cbb' };
  expect(await read(status, [analysis('a', failed, 1)])).toMatchObject({ analyses: [], judgement: null });
  expect(await read(status, [analysis('a', failed, 3)])).toMatchObject({ judgement: { verdict: 'fail' } });
});

test('what the controller has not looked at yet is not taken for the release before', async () => {
  expect(await read({ currentPodHash: '7cbb', stableRS: '7cbb' }, [], 4)).toMatchObject({ to: null, judgement: null });
});
