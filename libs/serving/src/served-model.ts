import type { BundleContents } from '@repo/contract/manifest';
import type { ModelContract } from '@repo/contract/model-contract';
import type { PredictionRequest } from '@repo/contract/prediction-request';
import type { Profile } from '@repo/contract/profile';
import type { TensorMetadata } from '@repo/contract/protocol';
import type { ExecutorKind } from './executor.ts';
import type { Job, RunResult } from './job.ts';
import type { ModelObserver } from './model-observer.ts';
import type { ModelStatistics } from './model-statistics.ts';
import type { Companions } from './predict/companions.ts';

/** What predictions need of a bundle besides its contract. */
export interface ServedBundle {
  readonly contents: BundleContents;
  /** Null when the bundle's profile.json is of another form than this service knows. */
  readonly profile: Profile | null;
  /** Checks a prediction request; throws InputError. */
  readonly parseRequest: (body: unknown) => PredictionRequest;
  /** Opened with the model and closed with it. */
  readonly companions: Companions;
}

/** A model version that passed its checks, is warm and answers. */
export interface ServedModel {
  readonly name: string;
  /** The version's number, as the protocol writes it. */
  readonly version: string;
  /** Digest of the bundle; for a plain ONNX model that of its file. */
  readonly digest: string;
  /** From the model itself. */
  readonly inputs: readonly TensorMetadata[];
  /** Those of the model's outputs that are tensors. */
  readonly outputs: readonly TensorMetadata[];
  /** Null for a plain ONNX model, which answers /infer only. */
  readonly contract: ModelContract | null;
  /** Null exactly where `contract` is. */
  readonly bundle: ServedBundle | null;
  readonly executor: ExecutorKind;
  /** Most rows of several jobs that share a run; 1 when each job has a run of its own. */
  readonly maxBatchSize: number;
  /**
   * Runs a job through the queue. Rejects with ServiceError queue_full, overloaded, deadline_exceeded, worker_lost, inference_failed or,
   * once closing, model_not_ready; with CallerLeft when the job's signal says so.
   */
  run(job: Job): Promise<RunResult>;
  /**
   * Throws what the smallest job with this deadline would be rejected with if it came now: so that under overload a request is refused
   * before its body is read. What passes may still be refused later.
   */
  admit(deadlineMs: number): void;
  /** When a refused caller may try again: whole seconds, at least 1, from the queue's depth and recent runs, spread so that callers do not return at once. */
  retryAfterSeconds(): number;
  /** Jobs that wait for a run now. */
  queueDepth(): number;
  statistics(): ModelStatistics;
  /** False while a run has been under way for longer than the hard timeout. */
  live(): boolean;
  /** False while no thread is there to run it: the last one ended by itself and its replacement has not loaded yet. */
  ready(): boolean;
  /** Takes no more jobs, lets those taken finish, then frees the model. Close it when no request holds it any more. */
  close(): Promise<void>;
}

/** How model versions are served on this host. */
export interface ServingOptions {
  /** Threads for a model that is too slow for the event loop. */
  readonly workers: number;
  /** Longest that a run may take before the process calls itself dead. */
  readonly hardTimeoutMs: number;
  /** Most bytes that wait in the queue of a model. */
  readonly maxQueueBytes: number;
  readonly observerOf?: (name: string, version: string) => ModelObserver;
  /**
   * Aborted while a model is opened: it is given up with the signal's reason at its next step. A run under way is waited for first, as to
   * end its thread would abort the process.
   */
  readonly signal?: AbortSignal;
  /** Hears what is served in a lesser way than wanted, such as without batches. */
  warn(message: string): void;
}

/** A model version that can answer predictions, not only /infer. */
export type PredictiveModel = ServedModel & { readonly contract: ModelContract; readonly bundle: ServedBundle };

/** Whether a model came in a bundle, and so can answer predictions. */
export const isPredictive = (model: ServedModel): model is PredictiveModel => model.contract !== null;
