import { metrics } from '@repo/contract/metric';
import { expect, test } from 'vitest';
import { exampleModel } from './example-model.ts';
import { inflightScaling } from './inflight-scaling.ts';

const spec = inflightScaling(exampleModel, 'models', 'http://prometheus');
const query = spec.triggers[0]?.metadata.query ?? '';

test('replicas stay between those of the definition', () => {
  expect([spec.minReplicaCount, spec.maxReplicaCount]).toEqual([4, 10]);
  expect(spec.scaleTargetRef).toEqual({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: 'bike-demand' });
});

test('the query asks for a metric that the service declares, of this model alone', () => {
  const [, name = ''] = /\((inference_\w+)\{/.exec(query) ?? [];
  expect(Object.keys(metrics)).toContain(name);
  expect(query).toContain('namespace="models",app_kubernetes_io_name="bike-demand"');
  expect(query, 'a model whose name only begins so is another').not.toContain('=~');
});

test('a Prometheus without an answer is no reason to take replicas away', () => {
  expect(spec.triggers[0]?.metadata.ignoreNullValues).toBe('false');
});
