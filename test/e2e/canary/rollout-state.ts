import { kubectl } from '../infra/cluster.ts';

/** A Rollout as far as the suite looks at it. */
export interface RolloutState {
  readonly phase: string;
  readonly message: string;
  readonly isAborted: boolean;
  readonly isPromoted: boolean;
  /** Why it is paused. */
  readonly pauses: readonly string[];
  readonly step: number;
  readonly stable: string;
  readonly current: string;
}

interface RolloutObject {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly observedGeneration?: string;
    readonly phase?: string;
    readonly message?: string;
    readonly abort?: boolean;
    readonly stableRS?: string;
    readonly currentPodHash?: string;
    readonly currentStepIndex?: number;
    readonly pauseConditions?: readonly { readonly reason: string }[];
  };
}

export async function rolloutState(namespace: string, name: string): Promise<RolloutState> {
  const text = await kubectl('get', 'rollout', name, '-n', namespace, '-o', 'json');
  const { metadata, status = {} } = JSON.parse(text) as RolloutObject;
  const { phase = '', message = '', abort = false, stableRS = '', currentPodHash = '' } = status;
  const isSeen = status.observedGeneration === String(metadata.generation);
  return {
    phase: isSeen ? phase : 'not looked at yet',
    message,
    isAborted: isSeen && abort,
    isPromoted: isSeen && phase === 'Healthy' && stableRS === currentPodHash,
    pauses: (status.pauseConditions ?? []).map(({ reason }) => reason),
    step: status.currentStepIndex ?? -1,
    stable: stableRS,
    current: currentPodHash,
  };
}
