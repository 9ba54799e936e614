/** Where a cluster answers. */
export interface ClusterEndpoint {
  readonly name: string;
  readonly endpoint: string;
  /** Certificate of its authority, as base64. */
  readonly authority: string;
  readonly region: string;
}

/** A kubeconfig that asks the AWS CLI for a token each time: it holds no credential, and who reads it still needs an access entry. */
export function kubeconfigOf({ name, endpoint, authority, region }: ClusterEndpoint): string {
  const args = ['eks', 'get-token', '--cluster-name', name, '--region', region, '--output', 'json'];
  const exec = { apiVersion: 'client.authentication.k8s.io/v1beta1', command: 'aws', args, interactiveMode: 'Never' };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server: endpoint, 'certificate-authority-data': authority } }],
    users: [{ name, user: { exec } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
  });
}
