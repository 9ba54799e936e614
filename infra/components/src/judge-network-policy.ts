import type { types } from '@pulumi/kubernetes';
import { judgePort, judgeSelector } from './canary-judge-spec.ts';
import { objectStoreEgress } from './model-network-policy.ts';
import { platformCharts } from './platform-charts.ts';
import { port } from './pod-template.ts';

const tcp = (...ports: number[]) => ports.map((number) => ({ protocol: 'TCP', port: number }));
const namespaceNamed = (name: string) => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** What the judge may talk to: asked by Argo Rollouts alone; asks Prometheus, the admin ports of models, the cluster's API and the registry. */
export function judgeNetworkPolicy(monitoringNamespace: string): types.input.networking.v1.NetworkPolicySpec {
  const models = { podSelector: { matchLabels: { 'app.kubernetes.io/component': 'inference' } } };
  return {
    podSelector: { matchLabels: judgeSelector },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [namespaceNamed(platformCharts.rollouts.namespace)], ports: tcp(judgePort) }],
    egress: [
      { to: [models], ports: tcp(port.metrics) },
      { to: [namespaceNamed(monitoringNamespace)], ports: tcp(9090) },
      // The API server has no pods to be chosen by; its certificate and the account's token decide.
      { ports: tcp(443, 6443) },
      ...objectStoreEgress,
    ],
  };
}
