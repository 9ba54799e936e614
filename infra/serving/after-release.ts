import * as pulumi from '@pulumi/pulumi';
import { awaitQuietRollout } from '@repo/components/await-quiet-rollout';
import { withClusterApi } from '@repo/components/cluster-api';
import type { ModelFacts } from '@repo/components/model-facts';
import type { ModelService } from '@repo/components/model-service';
import { microseconds } from '@repo/contract/duration';

interface Where {
  readonly model: ModelFacts;
  readonly namespace: pulumi.Input<string>;
  readonly kubeconfig: pulumi.Input<string>;
}

/** Longest wait: a canary that nobody decides waits for a person at its deadline; and then some for its pods to come. */
const limitOf = ({ release }: ModelFacts): number => microseconds(release.deadline) / 1e6 + 600;

/** Makes `up` wait for a release of the model that is under way, before it begins another. A preview waits for nothing. */
export const afterRelease =
  ({ model, namespace, kubeconfig }: Where) =>
  (declared: ModelService['declared']): pulumi.Output<unknown> => {
    if (pulumi.runtime.isDryRun()) return pulumi.output(null);
    return pulumi.all([namespace, kubeconfig, declared]).apply(async ([space, config, asked]) => {
      const log = (line: string): void => void pulumi.log.info(`rollout ${model.name}: ${line}`);
      const options = { namespace: space, name: model.name, declared: asked, limitS: limitOf(model), log };
      await withClusterApi(config, (get) => awaitQuietRollout(get, options));
      return null;
    });
  };
