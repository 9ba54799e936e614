import { expect, test } from 'vitest';
import { callerLabel, type ModelTraffic, modelNetworkPolicy } from './model-network-policy.ts';

const traffic: ModelTraffic = {
  callerCidrs: ['10.0.0.0/16'],
  monitoringNamespace: 'monitoring',
  stateUrl: 's3://bucket/state',
  hasOnlineStore: true,
};
const ports = (rule: { ports?: unknown }) => (rule.ports as { port: number }[]).map(({ port }) => port);
const rules = (changes: Partial<ModelTraffic> = {}) => {
  const { ingress, egress } = modelNetworkPolicy('bike-demand', { ...traffic, ...changes });
  return { ingress: ingress as Record<string, unknown>[], egress: egress as Record<string, unknown>[] };
};

test('predictions are for labelled namespaces and the ranges given, metrics for monitoring and the judge alone', () => {
  const { ingress } = rules();
  expect(ingress).toEqual([
    {
      from: [{ namespaceSelector: { matchLabels: callerLabel } }, { ipBlock: { cidr: '10.0.0.0/16' } }],
      ports: [{ protocol: 'TCP', port: 8080 }],
    },
    {
      from: [
        { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } },
        { podSelector: { matchLabels: { 'app.kubernetes.io/component': 'judge' } } },
      ],
      ports: [{ protocol: 'TCP', port: 9090 }],
    },
  ]);
});

test('with state in a bucket and a shared store pods reach names, credentials, TLS and the store, and nothing else', () => {
  expect(rules().egress.map(ports)).toEqual([[53, 53], [80], [443], [6379]]);
});

test('with everything in the pod it reaches nothing', () => {
  expect(rules({ stateUrl: 'file:.causeway/state', hasOnlineStore: false }).egress).toEqual([]);
});
