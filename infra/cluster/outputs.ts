/** Where other programs may place what the cluster's pods talk to. */
export interface NetworkOutputs {
  readonly vpcId: string;
  readonly privateSubnetIds: readonly string[];
  /** The pods' security group: what lets them in. */
  readonly clusterSecurityGroupId: string;
}

/** Where on AWS the stack lives. */
export interface CloudOutputs {
  /** Number of the account, which programs refuse to work outside of. */
  readonly account: string;
  readonly region: string;
  /** The most that a role of the stack can do; no role is made without. */
  readonly boundaryArn: string;
}

/** The load balancer that callers come through; `ModelOnAws` gives a model its path there. */
export interface EdgeOutputs {
  readonly url: string;
  readonly listenerArn: string;
  /** Group of machines that takes its traffic. */
  readonly groupName: string;
}

/** Roles that jobs on GitHub take, by kind; they go into the variables of the environments there. */
export interface GithubRoleOutputs {
  readonly preview: string;
  readonly deploy: string;
  readonly release: string;
  readonly image: string;
}

/** What the program cluster promises to the others. The parts of a cloud are null on the stack local. */
export interface ClusterOutputs {
  /** For the Kubernetes provider; a secret. */
  readonly kubeconfig: string;
  readonly clusterName: string;
  readonly network: NetworkOutputs | null;
  readonly cloud: CloudOutputs | null;
  readonly edge: EdgeOutputs | null;
  readonly githubRoles: GithubRoleOutputs | null;
}
