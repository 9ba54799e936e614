import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import type { Exports } from '@repo/components/outputs-of';
import { InputError } from '@repo/contract/input-error';
import type { ClusterOutputs } from './outputs.ts';

/** The cluster that KUBECONFIG names; the stack local makes none. */
export function localCluster(): Exports<ClusterOutputs> {
  const file = process.env.KUBECONFIG;
  if (file === undefined || file === '') {
    const allowed = 'the path of a kubeconfig';
    throw new InputError({ path: 'environment.KUBECONFIG', received: 'nothing', allowed, action: 'set it' });
  }
  const kubeconfig = pulumi.secret(readFileSync(file, 'utf8'));
  return { kubeconfig, clusterName: 'local', network: null, cloud: null, edge: null, githubRoles: null };
}
