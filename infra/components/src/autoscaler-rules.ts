/** Verbs of who only looks. */
const see = ['get', 'list', 'watch'];

/**
 * What the cluster autoscaler may do in the cluster, from its example for AWS
 * (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/aws/examples/): look at whatever decides where a pod
 * fits, mark and empty nodes, and keep its lease and status in its own namespace.
 */
export const autoscalerRules = {
  cluster: [
    { apiGroups: [''], resources: ['events', 'endpoints'], verbs: ['create', 'patch'] },
    { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
    { apiGroups: [''], resources: ['pods/status'], verbs: ['update'] },
    { apiGroups: [''], resources: ['nodes'], verbs: [...see, 'update', 'patch'] },
    {
      apiGroups: [''],
      resources: [
        'namespaces',
        'pods',
        'services',
        'replicationcontrollers',
        'persistentvolumeclaims',
        'persistentvolumes',
      ],
      verbs: see,
    },
    { apiGroups: ['apps'], resources: ['daemonsets', 'replicasets', 'statefulsets'], verbs: see },
    { apiGroups: ['batch'], resources: ['jobs', 'cronjobs'], verbs: see },
    { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: see },
    {
      apiGroups: ['storage.k8s.io'],
      resources: ['storageclasses', 'csinodes', 'csidrivers', 'csistoragecapacities', 'volumeattachments'],
      verbs: see,
    },
    {
      apiGroups: ['resource.k8s.io'],
      resources: ['deviceclasses', 'resourceclaims', 'resourceslices'],
      verbs: see,
    },
  ],
  own: [
    { apiGroups: [''], resources: ['configmaps'], verbs: [...see, 'create'] },
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: ['cluster-autoscaler-status', 'cluster-autoscaler-priority-expander'],
      verbs: ['delete', 'update'],
    },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: ['cluster-autoscaler'],
      verbs: ['get', 'update'],
    },
  ],
};
