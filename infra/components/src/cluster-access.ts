/** What a role may do in the cluster, by the policy of EKS that says so. `view` sees everything but secrets. */
export const ClusterAccess = { admin: 'AmazonEKSClusterAdminPolicy', view: 'AmazonEKSViewPolicy' } as const;
/** Group of Kubernetes that those with `view` are in: of what is not Kubernetes's own, such as Rollouts, the policy shows nothing. */
export const viewersGroup = 'causeway:viewers';
export type ClusterAccess = keyof typeof ClusterAccess;
