/** An add-on that EKS keeps in a cluster. */
export interface EksAddon {
  readonly name: string;
  /** Whether nodes need it to become ready, or it needs nodes. */
  readonly when: 'before nodes' | 'after nodes';
  /** How it asks AWS: as which service account of kube-system, with which of AWS's own policies. Left out: it does not. */
  readonly identity?: { readonly serviceAccount: string; readonly policy: string };
  /** Its settings. Left out: its own. */
  readonly settings?: unknown;
}

/** Versions are EKS's default for the cluster's Kubernetes, so that raising the one raises the others. */
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
