/** Where other programs may place what the cluster's pods talk to. */
export interface NetworkOutputs {
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  /** The pods' security group: what lets them in. */
  readonly clusterSecurityGroupId: string;
}

/** What the program cluster promises to the others. */
export interface ClusterOutputs {
  /** For the Kubernetes provider; a secret. */
  readonly kubeconfig: string;
  readonly clusterName: string;
  /** Null on the stack local, where there is no cloud. */
  readonly network: NetworkOutputs | null;
}
