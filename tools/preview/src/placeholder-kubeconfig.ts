/** A kubeconfig that leads nowhere. */
export const placeholderKubeconfig = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'nowhere',
  contexts: [{ name: 'nowhere', context: { cluster: 'nowhere', user: 'nobody' } }],
  clusters: [{ name: 'nowhere', cluster: { server: 'https://cluster.invalid' } }],
  users: [{ name: 'nobody', user: {} }],
});
