import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { exampleModel } from './example-model.ts';
import { ModelService, type ModelServiceArgs } from './model-service.ts';
import { type RolloutObject, rolloutProgress } from './rollout-progress.ts';

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown> & { metadata?: { name?: string } };
}

const exampleJudge = {
  url: 'http://judge.models.svc',
  tokenSecret: { name: 'judge', key: 'ask-judge' },
  clusterUrl: 'https://kubernetes.default.svc',
};

/** What the last service has registered. */
let registered: Registered[];

function collect(): Promise<void> {
  registered = [];
  return pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }) => {
      registered.push({ type, name, inputs });
      return { id: `${name}-id`, state: inputs };
    },
    call: ({ inputs }) => inputs,
  });
}

const resolved = <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => void output.apply(resolve));

/** Stands a service up under mocks and answers what it has registered by kind. */
async function registeredBy(changes: Partial<ModelServiceArgs> = {}) {
  await collect();
  const service = new ModelService('bike-demand', {
    model: exampleModel,
    champion: '{"version":1}',
    image: 'registry/inference@sha256:00',
    namespace: 'models',
    stateUrl: 's3://bucket/state',
    keys: '{"schemaVersion":1,"keys":[]}',
    monitoringNamespace: 'monitoring',
    judge: exampleJudge,
    ...changes,
  });
  const [url, declared] = await Promise.all([
    resolved(service.url),
    resolved(service.declared),
    resolved(service.rollout.id),
  ]);
  // What hangs on nothing that is awaited above has registered once the engine has been let go.
  await pulumi.runtime.disconnect();
  const of = (kind: string) => registered.filter(({ type }) => type.endsWith(`:${kind}`));
  const one = (kind: string): Record<string, never> => {
    const [first, ...more] = of(kind);
    if (first === undefined || more.length > 0) throw new Error(`${kind}: ${more.length + (first ? 1 : 0)} registered`);
    return first.inputs as Record<string, never>;
  };
  return { url, declared, of, one };
}

test('a model becomes one of each, and three services: over all its pods, its stable ones, its canaries', async () => {
  const { of, url } = await registeredBy();
  const kinds = [
    'Rollout',
    'AnalysisTemplate',
    'ServiceAccount',
    'PodDisruptionBudget',
    'NetworkPolicy',
    'ConfigMap',
    'Secret',
    'Service',
  ];
  expect(kinds.map((kind) => of(kind).length)).toEqual([1, 2, 1, 1, 1, 1, 1, 3]);
  expect(of('ScaledObject')).toEqual([]);
  expect(url).toBe('http://bike-demand.models.svc.cluster.local');
});

test('another champion is another ConfigMap, which changes the pods', async () => {
  const pods = async (champion: string) => JSON.stringify((await registeredBy({ champion })).one('Rollout').spec);
  const before = await pods('{"version":1}');
  expect(await pods('{"version":2}')).not.toBe(before);
});

test('what is said to be declared is what the Rollout names, so that an up that is served is done', async () => {
  const { declared, one } = await registeredBy();
  const status = { observedGeneration: '1', phase: 'Healthy', availableReplicas: 4 };
  const { spec } = one('Rollout') as unknown as RolloutObject;
  expect(rolloutProgress({ metadata: { generation: 1 }, spec, status }, declared).state).toBe('done');
  expect(declared.minReplicas).toBe(exampleModel.resources.replicas.min);
});

test('keys lie in the Secret as the file that the service reads', async () => {
  const { one } = await registeredBy();
  // The engine wraps what is secret.
  expect(one('Secret').stringData).toMatchObject({ value: { 'keys.json': '{"schemaVersion":1,"keys":[]}' } });
});

test('the URL of a shared store is kept in the Secret and nowhere else', async () => {
  const { of } = await registeredBy({ onlineStoreUrl: pulumi.secret('rediss://:word@store:6379') });
  const holding = registered.filter(({ inputs }) => JSON.stringify(inputs).includes('rediss'));
  expect(holding).toEqual(of('Secret'));
});

test('no token of the cluster reaches the pods, and one pod at a time may be taken away', async () => {
  const { one } = await registeredBy();
  expect(one('ServiceAccount').automountServiceAccountToken).toBe(false);
  expect(one('PodDisruptionBudget').spec).toMatchObject({ maxUnavailable: 1 });
});

test('with a Prometheus to ask, KEDA decides how many replicas there are', async () => {
  const { of, one } = await registeredBy({ scaleBy: 'http://prometheus' });
  expect(of('ScaledObject')).toHaveLength(1);
  expect(one('Rollout').spec).not.toHaveProperty('replicas');
});

test('a port of the node is that of the service over all pods alone', async () => {
  const { of, url } = await registeredBy({ nodePort: 30_080 });
  const types = of('Service').map(({ inputs }) => (inputs.spec as unknown as { type: string }).type);
  expect(types.sort()).toEqual(['ClusterIP', 'ClusterIP', 'NodePort']);
  expect(url).toBe('http://127.0.0.1:30080');
});

test('an experiment lies beside the champion, and pods change with it; without one nothing is different', async () => {
  const configMap = async (changes: Partial<ModelServiceArgs>) => {
    const { data, metadata } = (await registeredBy(changes)).one('ConfigMap') as unknown as {
      data: Record<string, string>;
      metadata: { name: string };
    };
    return { data, name: metadata.name };
  };
  const without = await configMap({});
  expect(await configMap({ experiment: null })).toEqual(without);
  const one = await configMap({ experiment: '{"traffic":10}' });
  expect(one.data).toEqual({ ...without.data, 'experiment.json': '{"traffic":10}' });
  const other = await configMap({ experiment: '{"traffic":50}' });
  expect(new Set([without.name, one.name, other.name]).size).toBe(3);
});
