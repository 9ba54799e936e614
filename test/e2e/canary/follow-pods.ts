import { renameSync, writeFileSync } from 'node:fs';
import { podLabels, targetLabels } from '@repo/contract/target-label';

interface Pod {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: { readonly phase: string };
}

/** What a monitor of pods copies to every series of a pod. */
function targetOf(api: string, namespace: string, { metadata }: Pod) {
  const { name, labels } = metadata;
  const copied = Object.entries(podLabels).map(([key, label]) => [
    targetLabels[key as keyof typeof targetLabels],
    labels[label] ?? '',
  ]);
  const path = `/api/v1/namespaces/${namespace}/pods/${name}:9090/proxy/metrics`;
  return { targets: [api], labels: { ...Object.fromEntries(copied), namespace, pod: name, __metrics_path__: path } };
}

/**
 * Tells Prometheus by a file which pods there are, every second: Debian's is built without discovery in Kubernetes. Metrics are read through the
 * API of the cluster, which works from this machine whatever the cluster's network is. Returns what stops it.
 */
export function followPods(api: string, namespace: string, file: string): () => void {
  const selector = encodeURIComponent('app.kubernetes.io/component=inference');
  const look = async (): Promise<void> => {
    const answer = await fetch(`http://${api}/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
    const { items } = (await answer.json()) as { items: Pod[] };
    const running = items.filter(({ status }) => status.phase === 'Running');
    writeFileSync(`${file}.new`, JSON.stringify(running.map((pod) => targetOf(api, namespace, pod))));
    renameSync(`${file}.new`, file);
  };
  writeFileSync(file, '[]');
  const timer = setInterval(() => void look().catch(() => undefined), 1000);
  return () => clearInterval(timer);
}
