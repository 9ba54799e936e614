interface ContainerStatus {
  readonly ready: boolean;
  readonly restartCount: number;
  readonly state: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly exitCode: number; readonly reason?: string };
  };
  readonly lastState?: { readonly terminated?: { readonly exitCode: number; readonly reason?: string } };
}

/** What is read of a pod. */
export interface PodObject {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status: {
    readonly phase: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
  };
}

/** Whether a pod answers, or has gone or is about to. */
export const isSettled = ({ metadata, status }: PodObject): boolean =>
  metadata.deletionTimestamp !== undefined ||
  (status.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True');

function containerReason(container: ContainerStatus): string | null {
  const { waiting, terminated } = container.state;
  const last = terminated ?? container.lastState?.terminated;
  const ended = last === undefined ? '' : `left with exit code ${last.exitCode} (${last.reason ?? 'no reason'})`;
  if (waiting !== undefined) {
    const parts = [waiting.reason, waiting.message, ended].filter((part) => part !== undefined && part !== '');
    return parts.join(': ');
  }
  return ended === '' ? null : `${ended}, started again ${container.restartCount} times`;
}

/**
 * Why a pod does not run, as Kubernetes says it: not placed, image not found, ends again and again. Null when it runs and merely does not answer
 * yet, which only the service itself can explain.
 */
export function podReason({ status }: PodObject): string | null {
  const unplaced = (status.conditions ?? []).find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
  if (unplaced !== undefined) return unplaced.message ?? 'no node for it';
  if (status.reason !== undefined) return [status.reason, status.message].filter(Boolean).join(': ');
  const reasons = (status.containerStatuses ?? []).filter(({ ready }) => !ready).map(containerReason);
  return reasons.find((reason) => reason !== null && reason !== 'ContainerCreating') ?? null;
}
