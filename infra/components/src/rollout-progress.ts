/** What is read of a Rollout, as Argo Rollouts 1.9 writes it. */
export interface RolloutObject {
  readonly metadata: { readonly generation: number };
  readonly spec: {
    readonly replicas?: number;
    readonly template?: {
      readonly spec?: {
        readonly containers?: readonly { readonly image?: string }[];
        readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name?: string } }[];
      };
    };
  };
  readonly status?: {
    readonly observedGeneration?: string;
    readonly phase?: string;
    /** Set while it is aborted: the same specification is not tried again by itself. */
    readonly abort?: boolean;
    readonly message?: string;
    readonly currentPodHash?: string;
    /** Hash of the pods that serve until a change is promoted. */
    readonly stableRS?: string;
    readonly canary?: { readonly currentStepAnalysisRunStatus?: { readonly status?: string } };
    readonly currentStepIndex?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly pauseConditions?: readonly { readonly reason: string }[];
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
  };
}

/** What an `up` has declared of a Rollout: whoever changes it meanwhile has undone the `up`. */
export interface DeclaredRollout {
  readonly image: string;
  /** ConfigMap that holds champion.json. */
  readonly champion: string;
  /** Fewest replicas of the model, with an autoscaler too. */
  readonly minReplicas: number;
}

/** How far a Rollout has come: `done`, `failed` for good, `judged` by the judge from here on, or `working`. */
export interface RolloutProgress {
  readonly state: 'done' | 'failed' | 'judged' | 'working';
  /** For people. */
  readonly what: string;
  /** Counts that rise while the Rollout comes further: step, new replicas, available replicas. */
  readonly marks: readonly number[];
}

/** A pause that ends by itself; all others wait for a person. */
const stepPause = 'CanaryPauseStep';

/** Whether the Rollout is told to serve what was declared. */
export const isDeclared = (rollout: Pick<RolloutObject, 'spec'>, declared: DeclaredRollout): boolean =>
  otherThan(rollout, declared) === null;

/** What the Rollout is now told to serve in place of what was declared; null when it is that. */
function otherThan({ spec }: Pick<RolloutObject, 'spec'>, { image, champion }: DeclaredRollout): string | null {
  const { containers = [], volumes = [] } = spec.template?.spec ?? {};
  const told = [containers[0]?.image, volumes.find(({ name }) => name === 'champion')?.configMap?.name];
  const pairs = [image, champion].map((declared, i) => [declared, told[i] ?? 'nothing'] as const);
  const changed = pairs.filter(([declared, now]) => declared !== now);
  return changed.length === 0 ? null : changed.map(([declared, now]) => `${now} in place of ${declared}`).join(', ');
}

/**
 * How far a Rollout has come towards what was declared: done with that version and no fewer replicas available. Its phase counts only once
 * the controller has seen the newest specification: until then it is that of the one before, which may well be Healthy.
 */
export function rolloutProgress(rollout: RolloutObject, declared: DeclaredRollout): RolloutProgress {
  const { metadata, spec, status = {} } = rollout;
  const other = otherThan(rollout, declared);
  if (other !== null)
    return {
      state: 'failed',
      what: `changed by someone else: ${other}; "pulumi up --refresh" brings it back`,
      marks: [],
    };
  if (status.observedGeneration !== String(metadata.generation))
    return { state: 'working', what: 'not looked at yet', marks: [] };
  const { phase = 'Progressing', message, availableReplicas = 0, updatedReplicas = 0 } = status;
  const step = status.currentStepIndex === undefined ? '' : `, step ${status.currentStepIndex}`;
  const counts = `${updatedReplicas} new of ${spec.replicas ?? 1} replicas, ${availableReplicas} available${step}`;
  const marks = [status.currentStepIndex ?? -1, updatedReplicas, availableReplicas];
  const what = `${phase}: ${message === undefined ? '' : `${message}; `}${counts}`;
  if (phase === 'Healthy' && availableReplicas >= declared.minReplicas) return { state: 'done', what, marks };
  if (phase === 'Healthy')
    return { state: 'working', what: `${what}, at least ${declared.minReplicas} declared`, marks };
  if (phase === 'Degraded') return { state: 'failed', what, marks };
  const waits = (status.pauseConditions ?? []).find(({ reason }) => reason !== stepPause);
  if (phase === 'Paused' && waits !== undefined)
    return { state: 'failed', what: `${what}; paused: ${waits.reason}`, marks };
  const isJudged = status.canary?.currentStepAnalysisRunStatus?.status === 'Running';
  return { state: isJudged ? 'judged' : 'working', what, marks };
}

/** Why no pods can be made at all, as a quota or the pod security level says it; empty when nothing is in the way. */
export const replicaFailures = ({ status = {} }: RolloutObject): string[] =>
  (status.conditions ?? [])
    .filter(({ type, status: is }) => ['ReplicaFailure', 'InvalidSpec'].includes(type) && is === 'True')
    .map(({ message }) => message ?? 'the Rollout is invalid');
