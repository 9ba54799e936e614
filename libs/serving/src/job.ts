import type { Tensor } from './tensor.ts';

/** One request for a run of a model: tensors that were checked against its metadata. */
export interface Job {
  /** In the order of the model's inputs. The queue may hand their buffers over; do not use them afterwards. */
  readonly inputs: readonly Tensor[];
  /** Names of the outputs wanted, in the order wanted. */
  readonly outputs: readonly string[];
  /** Moment, as performance.now() reads it, after which no answer is wanted. */
  readonly deadlineMs: number;
  /** `aborted` turns true when the caller has left; read just before the run. An AbortSignal fits, and so does anything cheaper. */
  readonly signal?: { readonly aborted: boolean } | undefined;
}

/** How long the parts of a run took and who shared it. */
export interface RunTimes {
  readonly queuedSeconds: number;
  readonly computedSeconds: number;
  /** Rows of the run, those of other requests included. */
  readonly batchRows: number;
}

/** What a run gives: the outputs in the order wanted. */
export interface RunResult {
  readonly outputs: readonly Tensor[];
  readonly times: RunTimes;
}
