import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';
import type { Exports } from '@repo/components/outputs-of';
import { readConfig } from '@repo/components/read-config';
import { InputError } from '@repo/contract/input-error';
import { clusterConfig } from './config.ts';
import type { ClusterOutputs } from './outputs.ts';

/** The cluster that KUBECONFIG names; the stack local makes none. */
function localCluster(): Exports<ClusterOutputs> {
  const file = process.env.KUBECONFIG;
  if (file === undefined || file === '') {
    const allowed = 'the path of a kubeconfig';
    throw new InputError({ path: 'environment.KUBECONFIG', received: 'nothing', allowed, action: 'set it' });
  }
  return { kubeconfig: pulumi.secret(readFileSync(file, 'utf8')), clusterName: 'local', network: null };
}

readConfig(clusterConfig);

export default localCluster();
