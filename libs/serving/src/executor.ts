import type { Tensor } from './tensor.ts';

/** Where a model runs. */
export const ExecutorKind = { inline: 'inline', worker: 'worker' } as const;
export type ExecutorKind = (typeof ExecutorKind)[keyof typeof ExecutorKind];

/** What a run gives. */
export interface RunOutput {
  /** In the order of the names. */
  readonly outputs: readonly Tensor[];
  /** Time of the run itself, without the wait for its turn and the way to a thread and back. */
  readonly seconds: number;
}

/** Runs a loaded model. Knows nothing of queues, deadlines or batches. */
export interface Executor {
  readonly kind: ExecutorKind;
  /** Runs that can be under way at once now: fewer than wanted while a lost thread is replaced. Never start more than these and `ahead`. */
  readonly slots: number;
  /** Runs that may wait in the threads behind those under way, so that a thread need not wait for a busy event loop between two. */
  readonly ahead: number;
  /**
   * Runs the model once. Rejects with ServiceError inference_failed when the runtime refuses, worker_lost when the thread ends.
   * Buffers of `inputs` may be handed over to the thread.
   */
  run(inputs: readonly Tensor[], outputs: readonly string[]): Promise<RunOutput>;
  /** False while a run has been under way for longer than the hard timeout: nothing can end it but the end of the process. */
  live(): boolean;
  /** Frees the model. Call it when no run is under way; a busy thread is never terminated. */
  release(): Promise<void>;
}
