import type { Cluster } from './cluster.ts';

/** Reads an object or a list as JSON; null when there is none. Rejects with what the API said otherwise. The shape is trusted: it is Kubernetes's. */
export async function readCluster<T>(cluster: Cluster, path: string): Promise<T | null> {
  const { status, text } = await cluster.get(path);
  if (status === 404) return null;
  if (status !== 200) throw new Error(`the cluster answered ${status} to ${path.split('?')[0]}: ${text.slice(0, 300)}`);
  return JSON.parse(text) as T;
}
