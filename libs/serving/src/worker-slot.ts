import './telemetry-off.ts';
import { Worker } from 'node:worker_threads';
import { InputError } from '@repo/contract/input-error';
import type { TensorMetadata } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import type { RunOutput } from './executor.ts';
import type { Tensor } from './tensor.ts';
import { type FromWorker, ownBuffers, type ToWorker } from './worker-message.ts';

/** A thread with a model in it; it does one run after the other. */
export interface WorkerSlot {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
  /** When the run under way began, as performance.now() reads it; undefined when idle. */
  readonly busySinceMs: number | undefined;
  /** Runs that were asked for and are not done. */
  readonly runs: number;
  /** As {@link Executor.run}. */
  run(inputs: readonly Tensor[], outputs: readonly string[]): Promise<RunOutput>;
  /** Resolves with the reason when the thread has ended without being told to; never when it was told. */
  readonly lost: Promise<string>;
  /** Tells the thread to free the model and end, and waits until it has. Call it when idle. */
  end(): Promise<void>;
}

interface Waiter {
  readonly resolve: (answer: FromWorker) => void;
  readonly reject: (error: Error) => void;
}

/** Starts a thread and loads a model in it. Throws InputError when it does not load, ServiceError worker_lost when the thread ends over it. */
export async function startWorkerSlot(name: string, model: Uint8Array): Promise<WorkerSlot> {
  const worker = new Worker(new URL('./worker-thread.ts', import.meta.url), { name });
  /** Those who wait for an answer; the thread answers in the order in which it was asked. */
  const waiters: Waiter[] = [];
  let runs = 0;
  let busySinceMs: number | undefined;
  let ending = false;
  let gone: ServiceError | undefined;
  let reason = '';
  const exited = Promise.withResolvers<void>();
  const lost = Promise.withResolvers<string>();
  worker.on('message', (answer: FromWorker) => waiters.shift()?.resolve(answer));
  worker.on('error', (error) => {
    reason = String(error);
  });
  worker.on('exit', (code) => {
    reason ||= `it exited with ${code}`;
    gone = new ServiceError('worker_lost', { path: name, received: 'a thread that ended' }, new Error(reason));
    for (const waiter of waiters.splice(0)) waiter.reject(gone);
    if (!ending) lost.resolve(reason);
    exited.resolve();
  });
  const ask = async (message: ToWorker, transfer: ArrayBuffer[]): Promise<FromWorker> => {
    if (gone !== undefined) throw gone;
    worker.postMessage(message, transfer);
    return new Promise<FromWorker>((resolve, reject) => waiters.push({ resolve, reject }));
  };
  const end = (): Promise<void> => {
    ending = true;
    worker.postMessage({ kind: 'end' } satisfies ToWorker);
    return exited.promise;
  };
  // A copy to hand over: the thread frees it once loaded, and the bundle keeps its own.
  const bytes = new Uint8Array(model);
  const loaded = await ask({ kind: 'load', model: bytes }, [bytes.buffer]);
  if (loaded.kind !== 'loaded') {
    await end();
    throw loaded.kind === 'refused' ? new InputError(loaded.problems) : new Error(`unexpected: ${loaded.kind}`);
  }
  return {
    inputs: loaded.inputs,
    outputs: loaded.outputs,
    get busySinceMs() {
      return busySinceMs;
    },
    get runs() {
      return runs;
    },
    run: async (inputs, outputs) => {
      runs++;
      busySinceMs ??= performance.now();
      try {
        const answer = await ask({ kind: 'run', inputs, outputs }, ownBuffers(inputs));
        if (answer.kind === 'ran') return answer;
        const cause = new Error(answer.kind === 'failed' ? answer.message : answer.kind);
        throw new ServiceError('inference_failed', { path: name, received: 'a run that failed' }, cause);
      } finally {
        runs--;
        busySinceMs = runs > 0 ? performance.now() : undefined;
      }
    },
    lost: lost.promise,
    end,
  };
}
