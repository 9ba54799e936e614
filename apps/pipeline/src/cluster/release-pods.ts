import { podLabels } from '@repo/contract/target-label';
import type { Cluster, PodAddress } from './cluster.ts';
import { readCluster } from './read-cluster.ts';

/** Port of metrics and of what needs the admin token. */
const adminPort = 9090;

interface PodObject {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
  };
  readonly status?: {
    readonly podIP?: string;
    readonly containerStatuses?: readonly { readonly restartCount?: number }[];
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly lastTransitionTime: string;
    }[];
  };
}

/** A pod of one side of a release. */
export interface ReleasePod extends PodAddress {
  readonly podHash: string;
  readonly createdMs: number;
  /** Since when it has been ready; null when it is not, or leaves. */
  readonly readySinceMs: number | null;
  /** How often its containers ended by themselves and were started again. */
  readonly restarts: number;
}

function toPod(namespace: string, { metadata, status = {} }: PodObject): ReleasePod {
  const ready = (status.conditions ?? []).find(({ type, status: is }) => type === 'Ready' && is === 'True');
  const isLeaving = metadata.deletionTimestamp !== undefined;
  return {
    namespace,
    name: metadata.name,
    ip: status.podIP ?? '',
    port: adminPort,
    podHash: metadata.labels?.[podLabels.templateHash] ?? '',
    createdMs: Date.parse(metadata.creationTimestamp),
    readySinceMs: ready === undefined || isLeaving ? null : Date.parse(ready.lastTransitionTime),
    restarts: (status.containerStatuses ?? []).reduce((all, { restartCount = 0 }) => all + restartCount, 0),
  };
}

/** The pods of a model whose templates have one of these hashes, those that leave included. */
export async function releasePods(
  cluster: Cluster,
  { namespace, model, hashes }: { namespace: string; model: string; hashes: readonly string[] },
): Promise<ReleasePod[]> {
  const selector = `${podLabels.model}=${model},${podLabels.templateHash} in (${hashes.join(',')})`;
  const path = `/api/v1/namespaces/${namespace}/pods?labelSelector=${encodeURIComponent(selector)}`;
  const list = await readCluster<{ items: PodObject[] }>(cluster, path);
  return (list?.items ?? []).map((pod) => toPod(namespace, pod));
}
