import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import type { Exports } from '@repo/components/outputs-of';
import { InputError } from '@repo/contract/input-error';
import type { ClusterOutputs } from './outputs.ts';

const refuse = (received: string): never => {
  const allowed = 'the path of a kubeconfig';
  throw new InputError({ path: 'environment.KUBECONFIG', received, allowed, action: 'set it to that of your cluster' });
};

function readKubeconfig(file: string | undefined): string {
  if (file === undefined || file === '') return refuse('nothing');
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`${file} (${(error as NodeJS.ErrnoException).code})`);
  }
}

/** The cluster that KUBECONFIG names; the stack local makes none. */
export function localCluster(): Exports<ClusterOutputs> {
  const kubeconfig = pulumi.secret(readKubeconfig(process.env.KUBECONFIG));
  return { kubeconfig, clusterName: 'local', network: null, cloud: null, edge: null, githubRoles: null };
}
