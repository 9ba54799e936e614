import type { types } from '@pulumi/kubernetes';
import { podSelector, port } from './pod-template.ts';

type Peer = types.input.networking.v1.NetworkPolicyPeer;

/** Who may reach a model's pods, and what these may reach. */
export interface ModelTraffic {
  /**
   * Address ranges beside the namespaces that carry the label of callers: those of a load balancer. Null: anybody who can reach the node, as
   * through the node port of the stack local.
   */
  readonly callerCidrs: readonly string[] | null;
  readonly monitoringNamespace: string;
  /** CAUSEWAY_STATE: `s3:` needs the object store, and credentials of the node's agent. */
  readonly stateUrl: string;
  /** Whether pods look features up in a shared store. */
  readonly hasOnlineStore: boolean;
}

/** Label of a namespace whose pods may ask models. */
export const callerLabel = { 'causeway/calls-models': 'true' } as const;

/** Where EKS Pod Identity answers on every node. */
const podIdentityCidr = '169.254.170.23/32';

const tcp = (...ports: number[]) => ports.map((number) => ({ protocol: 'TCP', port: number }));
const namespaceNamed = (name: string): Peer => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

function egress({ stateUrl, hasOnlineStore }: ModelTraffic): types.input.networking.v1.NetworkPolicyEgressRule[] {
  const inBucket = stateUrl.startsWith('s3:');
  const dns = { to: [namespaceNamed('kube-system')], ports: [{ protocol: 'UDP', port: 53 }, ...tcp(53)] };
  return [
    ...(inBucket || hasOnlineStore ? [dns] : []),
    // Addresses of an object store are not known beforehand; TLS and its credentials decide.
    ...(inBucket ? [{ to: [{ ipBlock: { cidr: podIdentityCidr } }], ports: tcp(80) }, { ports: tcp(443) }] : []),
    ...(hasOnlineStore ? [{ ports: tcp(6379) }] : []),
  ];
}

/** What a model's pods may talk to: predictions from callers, metrics to monitoring, and out only what state and features need. */
export function modelNetworkPolicy(model: string, traffic: ModelTraffic): types.input.networking.v1.NetworkPolicySpec {
  const { callerCidrs, monitoringNamespace } = traffic;
  const callers =
    callerCidrs === null
      ? undefined
      : [{ namespaceSelector: { matchLabels: callerLabel } }, ...callerCidrs.map((cidr) => ({ ipBlock: { cidr } }))];
  return {
    podSelector: { matchLabels: podSelector(model) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { ...(callers === undefined ? {} : { from: callers }), ports: tcp(port.http) },
      { from: [namespaceNamed(monitoringNamespace)], ports: tcp(port.metrics) },
    ],
    egress: egress(traffic),
  };
}
