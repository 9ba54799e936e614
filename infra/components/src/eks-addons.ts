/** An add-on that EKS keeps in a cluster. */
export interface EksAddon {
  readonly name: EksAddonName;
  /** Whether nodes need it to become ready, or it needs nodes. */
  readonly when: 'before nodes' | 'after nodes';
  /** How it asks AWS: as which service account of kube-system, with which of AWS's own policies. Left out: it does not. */
  readonly identity?: { readonly serviceAccount: string; readonly policy: string };
  /** Its settings. Left out: its own. */
  readonly settings?: unknown;
}

type EksAddonName = keyof (typeof eksVersions)[keyof typeof eksVersions];

/**
 * Versions of Kubernetes that a cluster may have, and of the add-ons that go with each: an upgrade is a row here, then `kubernetes` in one
 * stack after the other. `aws eks describe-addon-versions --kubernetes-version 1.34` lists what there is.
 */
export const eksVersions = {
  'v1.34': {
    'aws-ebs-csi-driver': 'v1.54.0-eksbuild.1',
    coredns: 'v1.12.3-eksbuild.1',
    'eks-pod-identity-agent': 'v1.3.10-eksbuild.2',
    'kube-proxy': 'v1.34.0-eksbuild.2',
    'vpc-cni': 'v1.20.4-eksbuild.2',
  },
} as const;

/** With the v, since a file of settings would take 1.40 for a number and read 1.4. */
export type EksVersion = keyof typeof eksVersions;

/** Every add-on of a cluster. */
export const eksAddons: readonly EksAddon[] = [
  { name: 'eks-pod-identity-agent', when: 'before nodes' },
  {
    name: 'vpc-cni',
    when: 'before nodes',
    identity: { serviceAccount: 'aws-node', policy: 'AmazonEKS_CNI_Policy' },
    // Without it a NetworkPolicy is accepted and does nothing.
    settings: { enableNetworkPolicy: 'true' },
  },
  { name: 'kube-proxy', when: 'before nodes' },
  { name: 'coredns', when: 'after nodes' },
  {
    // Volumes of Prometheus.
    name: 'aws-ebs-csi-driver',
    when: 'after nodes',
    identity: { serviceAccount: 'ebs-csi-controller-sa', policy: 'service-role/AmazonEBSCSIDriverPolicy' },
  },
];
