/** What a role may do in the cluster, by the policy of EKS that says so. `view` sees everything but secrets. */
export const ClusterAccess = { admin: 'AmazonEKSClusterAdminPolicy', view: 'AmazonEKSViewPolicy' } as const;
export type ClusterAccess = keyof typeof ClusterAccess;
