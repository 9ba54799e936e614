/** What a ModelService takes from a model definition; every definition of models/ is one. */
export interface ModelFacts {
  readonly name: string;
  readonly owner: string;
  readonly serving: { readonly timeoutMs: number };
  /** Rising shares of replicas in percent, the last 100. */
  readonly release: { readonly steps: readonly number[] };
  readonly resources: {
    readonly cpu: number;
    readonly memoryMiB: number;
    readonly replicas: { readonly min: number; readonly max: number };
  };
}
