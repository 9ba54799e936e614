/** What is read of a Rollout, as Argo Rollouts 1.9 writes it. */
export interface RolloutObject {
  readonly metadata: { readonly generation: number };
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly observedGeneration?: string;
    readonly phase?: string;
    readonly message?: string;
    readonly currentPodHash?: string;
    readonly currentStepIndex?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly pauseConditions?: readonly { readonly reason: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

/** How far a Rollout has come: `done`, `failed` for good, or `working`. */
export interface RolloutProgress {
  readonly state: 'done' | 'failed' | 'working';
  /** For people. It changes whenever the Rollout comes further. */
  readonly what: string;
}

/** A pause that ends by itself; all others wait for a person. */
const stepPause = 'CanaryPauseStep';

/**
 * How far a Rollout has come. Its phase counts only once the controller has seen the newest specification: until then it is that of the
 * one before, which may well be Healthy.
 */
export function rolloutProgress({ metadata, spec, status = {} }: RolloutObject): RolloutProgress {
  if (status.observedGeneration !== String(metadata.generation)) return { state: 'working', what: 'not looked at yet' };
  const { phase = 'Progressing', message, availableReplicas = 0, updatedReplicas = 0 } = status;
  const step = status.currentStepIndex === undefined ? '' : `, step ${status.currentStepIndex}`;
  const counts = `${updatedReplicas} new of ${spec.replicas ?? 1} replicas, ${availableReplicas} available${step}`;
  const what = `${phase}: ${message === undefined ? '' : `${message}; `}${counts}`;
  if (phase === 'Healthy') return { state: 'done', what };
  if (phase === 'Degraded') return { state: 'failed', what };
  const waits = (status.pauseConditions ?? []).find(({ reason }) => reason !== stepPause);
  if (phase === 'Paused' && waits !== undefined) return { state: 'failed', what: `${what}; paused: ${waits.reason}` };
  return { state: 'working', what };
}

/** Why no pods can be made at all, as a quota or the pod security level says it; empty when nothing is in the way. */
export const replicaFailures = ({ status = {} }: RolloutObject): string[] =>
  (status.conditions ?? [])
    .filter(({ type, status: is }) => ['ReplicaFailure', 'InvalidSpec'].includes(type) && is === 'True')
    .map(({ message }) => message ?? 'the Rollout is invalid');
