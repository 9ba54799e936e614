import type { types } from '@pulumi/kubernetes';
import { podSelector, port } from './pod-template.ts';

type Peer = types.input.networking.v1.NetworkPolicyPeer;

/** Who may reach a model's pods, and what these may reach. */
export interface ModelTraffic {
  /** Address ranges beside the namespaces that carry the label of callers: those that a load balancer's requests come from. */
  readonly callerCidrs: readonly string[];
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

const dns = { to: [namespaceNamed('kube-system')], ports: [{ protocol: 'UDP', port: 53 }, ...tcp(53)] };
/** Addresses of an object store are not known beforehand; TLS and its credentials decide. */
const inBucket = [{ to: [{ ipBlock: { cidr: podIdentityCidr } }], ports: tcp(80) }, { ports: tcp(443) }];

/** What work on an object store needs: names, credentials, TLS. */
export const objectStoreEgress = [dns, ...inBucket];

/** What a pod may reach: what its state and its features need, names among it where they are elsewhere. */
export function stateEgress({
  stateUrl,
  hasOnlineStore,
  databasePorts = [],
}: Pick<ModelTraffic, 'stateUrl' | 'hasOnlineStore'> & {
  /** Of the databases that sources lie in. Default: none. */
  readonly databasePorts?: readonly number[];
}): types.input.networking.v1.NetworkPolicyEgressRule[] {
  const hasBucket = stateUrl.startsWith('s3:');
  return [
    ...(hasBucket || hasOnlineStore || databasePorts.length > 0 ? [dns] : []),
    ...(hasBucket ? inBucket : []),
    ...(hasOnlineStore ? [{ ports: tcp(6379) }] : []),
    ...(databasePorts.length > 0 ? [{ ports: tcp(...databasePorts) }] : []),
  ];
}

/** The pod that scores predictions of canaries again, in the same namespace. */
const judge: Peer = { podSelector: { matchLabels: { 'app.kubernetes.io/component': 'judge' } } };

/** What a model's pods may talk to: predictions from callers, metrics to monitoring, and out only what state and features need. */
export function modelNetworkPolicy(model: string, traffic: ModelTraffic): types.input.networking.v1.NetworkPolicySpec {
  const { callerCidrs, monitoringNamespace } = traffic;
  const callers = [
    { namespaceSelector: { matchLabels: callerLabel } },
    ...callerCidrs.map((cidr) => ({ ipBlock: { cidr } })),
  ];
  return {
    podSelector: { matchLabels: podSelector(model) },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [
      { from: callers, ports: tcp(port.http) },
      { from: [namespaceNamed(monitoringNamespace), judge], ports: tcp(port.metrics) },
    ],
    egress: stateEgress(traffic),
  };
}
