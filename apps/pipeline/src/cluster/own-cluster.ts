import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cluster } from './cluster.ts';
import { requestText } from './request-text.ts';

/** Where Kubernetes puts the token of a pod's service account. */
export const serviceAccountDir = '/var/run/secrets/kubernetes.io/serviceaccount';

export interface OwnClusterOptions {
  readonly host: string;
  readonly port: number;
  /** Folder with `token` and `ca.crt`. */
  readonly dir: string;
}

/** The cluster that this process runs in, as its service account; pods are asked at their own addresses. */
export function createOwnCluster({ host, port, dir }: OwnClusterOptions): Cluster {
  const ca = readFileSync(join(dir, 'ca.crt'));
  return {
    get: async (path, headers = {}) => {
      // Kubernetes replaces the token every hour or so.
      const authorization = `Bearer ${readFileSync(join(dir, 'token'), 'utf8').trim()}`;
      return requestText({ isTls: true, host, port, path, ca, headers: { ...headers, authorization } });
    },
    getFromPod: ({ ip, port: podPort }, path, headers = {}) => requestText({ host: ip, port: podPort, path, headers }),
    close: () => undefined,
  };
}
