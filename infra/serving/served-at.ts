import * as pulumi from '@pulumi/pulumi';
import { withClusterApi } from '@repo/components/cluster-api';
import { followRollout } from '@repo/components/follow-rollout';
import type { ModelService } from '@repo/components/model-service';

/**
 * Where a model is reached, once it is: `up` goes on until the Rollout serves what was asked for, or fails with what its pods say. A preview
 * follows nothing.
 */
export function servedAt(
  { url, rollout, declared }: ModelService,
  kubeconfig: pulumi.Input<string>,
  patienceS: number,
): pulumi.Output<string> {
  if (pulumi.runtime.isDryRun()) return url;
  const known = pulumi.all([url, kubeconfig, declared, rollout.metadata, rollout.id]);
  const reached = known.apply(async ([at, config, asked, metadata]) => {
    const { name, namespace } = metadata as { name: string; namespace: string };
    const log = (line: string): void => void pulumi.log.info(`rollout ${name}: ${line}`, rollout);
    const options = { namespace, name, declared: asked, patienceS, log };
    await withClusterApi(config, (get) => followRollout(get, options));
    return at;
  });
  // Only the way to the cluster is a secret.
  return pulumi.unsecret(reached);
}
