import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { createKubectlCluster } from './kubectl-cluster.ts';
import { createOwnCluster, serviceAccountDir } from './own-cluster.ts';

/** The cluster that this process runs in when it is a pod with a token, else the one that kubectl talks to. Nothing is asked yet. */
export function openCluster(environment: Readonly<Record<string, string | undefined>>): Cluster {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = environment;
  if (host !== undefined && existsSync(join(serviceAccountDir, 'token')))
    return createOwnCluster({ host, port: Number(port), dir: serviceAccountDir });
  return createKubectlCluster(environment);
}
