import type { ReleasePolicy } from '@repo/contract/release-policy';
import type { Task } from '@repo/contract/task';

/** What a ModelService takes from a model definition; every definition of models/ is one. */
export interface ModelFacts {
  readonly name: string;
  readonly owner: string;
  /** The source of its events. */
  readonly events: { readonly name: string };
  readonly serving: { readonly timeoutMs: number };
  readonly task: Task;
  readonly release: ReleasePolicy;
  readonly resources: {
    readonly cpu: number;
    readonly memoryMiB: number;
    readonly replicas: { readonly min: number; readonly max: number };
  };
}
