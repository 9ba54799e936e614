import { outputOf } from './run-command.ts';

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName: string };
  readonly status: {
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
    readonly containerStatuses?: readonly { readonly containerID?: string; readonly imageID: string }[];
  };
}

export const kubectl = (...args: string[]): Promise<string> => outputOf('kubectl', ...args);

const isReady = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True');

/** Pods of a namespace by label, those that leave included. */
export async function podsOf(namespace: string, selector: string): Promise<Pod[]> {
  return (JSON.parse(await kubectl('get', 'pods', '-n', namespace, '-l', selector, '-o', 'json')) as { items: Pod[] })
    .items;
}

/** Names of the pods that answer. */
export async function readyPods(namespace: string, selector: string): Promise<string[]> {
  return (await podsOf(namespace, selector)).filter(isReady).map(({ metadata }) => metadata.name);
}

/** Whether exactly `count` pods are there and all are ready. */
export async function areExactly(count: number, namespace: string, selector: string): Promise<boolean> {
  const pods = await podsOf(namespace, selector);
  return pods.length === count && pods.every(isReady);
}

/** Names of the nodes that take pods. */
export async function openNodes(): Promise<string[]> {
  const { items } = JSON.parse(await kubectl('get', 'nodes', '-o', 'json')) as {
    items: { metadata: { name: string }; spec: { unschedulable?: boolean; taints?: { effect: string }[] } }[];
  };
  const takesNone = (taints: { effect: string }[] = []): boolean =>
    taints.some(({ effect }) => effect !== 'PreferNoSchedule');
  return items
    .filter(({ spec }) => spec.unschedulable !== true && !takesNone(spec.taints))
    .map(({ metadata }) => metadata.name);
}

/** The API server of the current context. */
export async function serverUrl(): Promise<URL> {
  return new URL(await kubectl('config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}'));
}
