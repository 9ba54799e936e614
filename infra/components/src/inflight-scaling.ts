import { metric } from '@repo/contract/metric-name';
import { targetLabels } from '@repo/contract/target-label';
import type { ModelFacts } from './model-facts.ts';

/**
 * Requests at once that one replica holds before another is wanted. With the median answer under 10 ms this is far above what a healthy
 * replica holds, and below what its queue may.
 */
const inflightPerReplica = 8;

/** Spec of KEDA's ScaledObject, as far as it is used here. */
export interface ScaledObjectSpec {
  readonly scaleTargetRef: { readonly apiVersion: string; readonly kind: string; readonly name: string };
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly cooldownPeriod: number;
  readonly triggers: readonly { readonly type: string; readonly metadata: Record<string, string> }[];
}

/**
 * Scales a model's Rollout between its replicas by requests in flight, averaged over two minutes so that one burst does not add a pod for good.
 * `prometheusUrl` is that of the Prometheus in the cluster.
 */
export function inflightScaling(model: ModelFacts, namespace: string, prometheusUrl: string): ScaledObjectSpec {
  const { min, max } = model.resources.replicas;
  const inflight = metric('inference_inflight', { namespace, [targetLabels.model]: model.name });
  const query = `sum(avg_over_time(${inflight}[2m]))`;
  return {
    scaleTargetRef: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', name: model.name },
    minReplicaCount: min,
    maxReplicaCount: max,
    cooldownPeriod: 300,
    triggers: [
      {
        type: 'prometheus',
        metadata: {
          serverAddress: prometheusUrl,
          query,
          threshold: String(inflightPerReplica),
          ignoreNullValues: 'false',
        },
      },
    ],
  };
}
