/** What is read of a Rollout, as Argo Rollouts 1.9 writes it. */
export interface RolloutObject {
  readonly metadata: { readonly generation: number };
  readonly spec: {
    readonly replicas?: number;
    readonly paused?: boolean;
    readonly strategy?: {
      readonly canary?: { readonly steps?: readonly { readonly setWeight?: number; readonly analysis?: object }[] };
    };
  };
  readonly status?: {
    readonly observedGeneration?: string;
    readonly phase?: string;
    readonly message?: string;
    readonly abort?: boolean;
    /** Somebody has promoted it past all steps. */
    readonly promoteFull?: boolean;
    readonly stableRS?: string;
    readonly currentPodHash?: string;
    readonly currentStepIndex?: number;
    readonly pauseConditions?: readonly { readonly reason: string }[];
  };
}

/** One answer of the judge as an analysis keeps it. */
interface Measurement {
  readonly phase: string;
  readonly value?: string;
  readonly message?: string;
  readonly finishedAt?: string;
}

/** One run of an analysis: of a step, or of the deadline beside them. */
export interface AnalysisRunObject {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly status?: {
    readonly phase?: string;
    readonly message?: string;
    readonly metricResults?: readonly { readonly name: string; readonly measurements?: readonly Measurement[] }[];
  };
}

/** The pods of one side. */
export interface ReplicaSetObject {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly replicas?: number;
    readonly template: {
      readonly spec: {
        readonly containers: readonly { readonly image: string }[];
        readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name?: string } }[];
      };
    };
  };
  readonly status?: { readonly readyReplicas?: number };
}
