import { judgementSchema } from '@repo/contract/judgement';
import { releasePolicySchema } from '@repo/contract/release-policy';
import { podLabels, targetLabels } from '@repo/contract/target-label';
import { canaryQueries } from '@repo/experiments/canary-queries';
import { eventOf, loggedGolden } from '@repo/experiments/fixtures/logged-golden';
import { PrometheusError, type PrometheusQuery, type Sample } from '@repo/experiments/prometheus-client';
import { beforeAll, expect, test } from 'vitest';
import type { Cluster } from '../cluster/cluster.ts';
import { createJudge, type JudgeSources } from './create-judge.ts';

const nowMs = Date.UTC(2026, 0, 1, 12);
const request = { model: 'flight-delay', stable: '7cbb', canary: '5d8f' };
const judged = { release: releasePolicySchema.parse({ steps: [50, 100] }), task: 'binary' as const };

let golden: Awaited<ReturnType<typeof loggedGolden>>;
beforeAll(async () => {
  golden = await loggedGolden();
});

const pod = (name: string, podHash: string, createdS: number, restartCount = 0) => ({
  metadata: {
    name,
    labels: { [podLabels.templateHash]: podHash },
    creationTimestamp: new Date(nowMs - createdS * 1000).toISOString(),
  },
  status: {
    podIP: '10.0.0.1',
    containerStatuses: [{ restartCount }],
    conditions: [
      { type: 'Ready', status: 'True', lastTransitionTime: new Date(nowMs - createdS * 1000).toISOString() },
    ],
  },
});

/** A cluster with a pod of each side, whose canary keeps these predictions. */
function clusterWith(events: object[], pods = [pod('stable-a', '7cbb', 9000), pod('canary-a', '5d8f', 315)]): Cluster {
  return {
    get: async () => ({ status: 200, text: JSON.stringify({ items: pods }) }),
    getFromPod: async (_, path, headers) => {
      if (headers?.['x-admin-token'] !== 'token') return { status: 401, text: '{}' };
      const page = path.endsWith('after=') ? { events, next: 'run.1' } : { events: [], next: 'run.1' };
      return { status: 200, text: JSON.stringify(page) };
    },
    close: () => undefined,
  };
}

const healthy: Record<string, (podHash: string) => Sample[]> = {
  requests: (hash) => [of(hash, 3000)],
  errors: () => [],
  refusals: () => [],
  latency: (hash) => histogram(hash, { '0.01': 1500, '0.1': 2990, '+Inf': 3000 }),
  scores: (hash) => histogram(hash, { '0.5': 2000, '1': 3000, '+Inf': 3000 }),
  predictions: (hash) => [of(hash, 3000)],
  fallbacks: () => [],
  podSeconds: (hash) => [of(hash, 600)],
  pods: (hash) => [of(hash, 2)],
  versions: (hash) => [of(hash, 1, { version: hash === '5d8f' ? '2' : '1', sha256: 'aa' })],
};
const of = (podHash: string, value: number, more: Record<string, string> = {}): Sample => ({
  labels: { [targetLabels.templateHash]: podHash, ...more },
  value,
});
const histogram = (podHash: string, values: Record<string, number>): Sample[] =>
  Object.entries(values).map(([le, value]) => of(podHash, value, { le }));

/** A Prometheus with two sides that do alike, but for what is said differently of the canary. */
function prometheusWith(different: Record<string, (podHash: string) => Sample[]> = {}): PrometheusQuery {
  const window = { ...request, namespace: 'models', sinceS: nowMs / 1000 - 300, atS: nowMs / 1000 };
  const queries = Object.entries(canaryQueries(window));
  return async (text) => {
    const name = queries.find(([, query]) => query === text)?.[0] ?? '';
    const ofCanary = different[name] ?? healthy[name];
    return [...(healthy[name]?.('7cbb') ?? []), ...(ofCanary?.('5d8f') ?? [])];
  };
}

const judge = (different: Partial<JudgeSources> = {}) =>
  createJudge({
    query: prometheusWith(),
    cluster: clusterWith(golden.predictions.map(eventOf)),
    namespace: 'models',
    adminToken: 'token',
    openRelease: async (_, digest) => (digest === golden.bundle.digest ? golden.bundle : null),
    modelOf: async () => judged,
    nowMs: () => nowMs,
    ...different,
  })(request);

test('the evidence of both sides and of the log becomes one judgement, since the newest pod of the canary was warm', async () => {
  const pods = [pod('stable-a', '7cbb', 9000), pod('canary-a', '5d8f', 700), pod('canary-b', '5d8f', 315)];
  const { judgement, evidence } = await judge({ cluster: clusterWith(golden.predictions.map(eventOf), pods) });
  expect(judgementSchema.parse(judgement)).toEqual(judgement);
  expect(judgement).toMatchObject({
    model: 'flight-delay',
    stable: { podHash: '7cbb', versions: ['1'] },
    canary: { podHash: '5d8f', versions: ['2'] },
    since: '2026-01-01T11:55:00.000Z',
    at: '2026-01-01T12:00:00.000Z',
  });
  expect(evidence?.agreement, 'of two pods that remember the same').toMatchObject({ compared: 100, disagreed: 0 });
  expect(evidence?.canary).toMatchObject({ requests: 3000, errors: 0 });
});

test('a canary whose log its own bundle contradicts fails by its agreement', async () => {
  const wrong = golden.predictions.map((one) => ({ ...one, answer: (one.answer as number) + 0.02 }));
  const events = Array.from({ length: 10 }, () => wrong.map(eventOf)).flat();
  const { judgement } = await judge({ cluster: clusterWith(events) });
  expect(judgement.verdict).toBe('fail');
  expect(judgement.metrics.filter(({ outcome }) => outcome === 'fail').map(({ metric }) => metric)).toEqual([
    'agreement',
  ]);
});

test('a canary that errs fails by its errors', async () => {
  const { judgement } = await judge({ query: prometheusWith({ errors: (hash) => [of(hash, 300)] }) });
  expect(judgement.verdict).toBe('fail');
  expect(judgement.metrics.find(({ metric }) => metric === 'errors')?.outcome).toBe('fail');
});

test.each<[string, Partial<JudgeSources>, RegExp]>([
  [
    'Prometheus away',
    { query: () => Promise.reject(new PrometheusError('cannot be asked: ECONNREFUSED')) },
    /Prometheus cannot be asked: ECONNREFUSED/,
  ],
  ['Prometheus empty', { query: async () => [] }, /stable: Prometheus reads 0 of 1 pods/],
  [
    'Prometheus full of NaN',
    { query: async (text, at) => (await prometheusWith()(text, at)).map((one) => ({ ...one, value: Number.NaN })) },
    /Prometheus reads 0 of 1 pods/,
  ],
  ['a query that takes too long', { query: () => new Promise(() => {}), timeoutMs: 20 }, /not there within 20 ms/],
  ['a pod that is not read', { query: prometheusWith({ pods: () => [] }) }, /canary: Prometheus reads 0 of 1 pods/],
  [
    'a canary whose process ended in the middle',
    { cluster: clusterWith([], [pod('stable-a', '7cbb', 9000, 5), pod('canary-a', '5d8f', 315, 2)]) },
    /Missing: what its containers lost when they ended by themselves, 2 times in all\./,
  ],
  ['another token than that of the pods', { adminToken: 'x' }, /pod canary-a answered 401/],
  [
    'a bundle that is nowhere',
    { openRelease: async () => null },
    /no release and no version of the registry has sha256/,
  ],
])('%s is inconclusive, and says why', async (_, different, why) => {
  const { judgement } = await judge(different);
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reason).toMatch(why);
});

test('without a pod of the canary, or with one from the future, or with one of just now, nothing is judged', async () => {
  const gone = await judge({ cluster: clusterWith([], [pod('stable-a', '7cbb', 9000)]) });
  expect(gone.judgement).toMatchObject({ verdict: 'inconclusive', reason: expect.stringContaining('no pod of 5d8f') });
  const ahead = await judge({ cluster: clusterWith([], [pod('canary-a', '5d8f', -600)]) });
  expect(ahead.judgement).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringContaining('clocks disagree'),
  });
  const fresh = await judge({ cluster: clusterWith([], [pod('canary-a', '5d8f', 3)]) });
  expect(fresh.judgement).toMatchObject({
    verdict: 'inconclusive',
    reason: expect.stringContaining('begins in 12 s'),
  });
});

test.each([
  [{ canary: '7cbb' }, /canary: received 7cbb, the stable side itself/],
  [{ stable: '' }, /stable: received "".*pod template hash/],
  [{ canary: 'x"} or vector(1)' }, /canary: received/],
])('hashes that no canary has are refused: %j', async (different, message) => {
  const sources = { ...request, ...different };
  const asked = createJudge({
    ...{ query: prometheusWith(), cluster: null, namespace: 'models', adminToken: null },
    ...{ openRelease: async () => null, modelOf: async () => judged, nowMs: () => nowMs },
  })(sources);
  await expect(asked).rejects.toThrow(message);
});
