import { targetLabels } from '@repo/contract/target-label';
import { expect, test } from 'vitest';
import { type CanaryQuery, canaryQueries } from './canary-queries.ts';
import type { PrometheusQuery, Sample } from './prometheus-client.ts';
import { readCanaryEvidence } from './read-canary-evidence.ts';

const window = { model: 'tides', namespace: 'models', stable: '7cbb', canary: '5d8f', sinceS: 1000, atS: 1600 };
const queries = canaryQueries(window);

const of = (podHash: string, value: number, more: Record<string, string> = {}): Sample => ({
  labels: { [targetLabels.templateHash]: podHash, ...more },
  value,
});
const histogram = (podHash: string, values: Record<string, number>): Sample[] =>
  Object.entries(values).map(([le, value]) => of(podHash, value, { le }));

const whole: Record<CanaryQuery, Sample[]> = {
  requests: [of('7cbb', 600), of('5d8f', 500)],
  errors: [of('7cbb', 3)],
  refusals: [of('5d8f', 9)],
  latency: [
    ...histogram('7cbb', { '0.1': 590, '+Inf': 600, '0.01': 400 }),
    ...histogram('5d8f', { '0.01': 1, '0.1': 2, '+Inf': 500 }),
  ],
  scores: [...histogram('7cbb', { '0.5': 1, '+Inf': 2 }), ...histogram('5d8f', { '0.5': 3, '+Inf': 4 })],
  predictions: [of('7cbb', 597), of('5d8f', 500)],
  fallbacks: [of('5d8f', 7)],
  podSeconds: [of('7cbb', 1200), of('5d8f', 1000)],
  pods: [of('7cbb', 2), of('5d8f', 2)],
  versions: [of('7cbb', 1, { version: '1', sha256: 'aa' }), of('5d8f', 1, { version: '2', sha256: 'bb' })],
};

/** A Prometheus that knows this, but for what a test says differently. */
const knowing =
  (different: Partial<Record<CanaryQuery, Sample[]>> = {}): PrometheusQuery =>
  async (text) => {
    const [name] = Object.entries(queries).find(([, query]) => query === text) ?? [];
    if (name === undefined) throw new Error(`nobody asks ${text}`);
    return { ...whole, ...different }[name as CanaryQuery];
  };

test('both sides are counts since the canary began, each by the hash of its pods', async () => {
  const { stable, canary } = await readCanaryEvidence(knowing(), window);
  expect(stable).toMatchObject({
    requests: 600,
    errors: 3,
    refusals: 0,
    predictions: 597,
    fallbacks: 0,
    replicas: 1200,
  });
  expect(canary).toMatchObject({ requests: 500, errors: 0, refusals: 9, fallbacks: 7, scrapedPods: 2 });
  expect(stable.latency).toEqual({ bounds: [0.01, 0.1], counts: [400, 190, 10] });
  expect(canary.bundles).toEqual([{ version: '2', sha256: 'bb' }]);
});

test('a side that Prometheus does not know is no evidence of anything, its errors included', async () => {
  const onlyStable = Object.fromEntries(
    Object.entries(whole).map(([name, samples]) => [
      name,
      samples.filter(({ labels }) => labels[targetLabels.templateHash] === '7cbb'),
    ]),
  );
  const { canary } = await readCanaryEvidence(knowing(onlyStable), window);
  expect(canary).toEqual({
    ...{
      requests: null,
      errors: null,
      refusals: null,
      latency: null,
      scores: null,
      predictions: null,
      fallbacks: null,
      replicas: null,
    },
    ...{ scrapedPods: 0, bundles: [] },
  });
});

test.each(['requests', 'errors', 'refusals', 'fallbacks', 'podSeconds'] as const)(
  '%s that are NaN are not there',
  async (name) => {
    const { canary } = await readCanaryEvidence(knowing({ [name]: [of('5d8f', Number.NaN)] }), window);
    expect(canary[name === 'podSeconds' ? 'replicas' : name]).toBeNull();
  },
);

test.each([
  ['without its last bucket', { '0.1': 2 }],
  ['with a bucket that is no number', { '0.1': Number.NaN, '+Inf': 3 }],
])('a histogram %s is not there', async (_, buckets) => {
  const { canary } = await readCanaryEvidence(knowing({ latency: histogram('5d8f', buckets) }), window);
  expect(canary.latency).toBeNull();
});

test('one query without an answer is no look at all', async () => {
  const failing: PrometheusQuery = async (text, atS) => {
    if (text === queries.scores) throw new Error('no answer');
    return knowing()(text, atS);
  };
  await expect(readCanaryEvidence(failing, window)).rejects.toThrow('no answer');
});
