import { ServiceError } from '@repo/contract/service-error';
import { joinInputs, rowsFrom } from './batch.ts';
import { CallerLeft } from './caller-left.ts';
import type { Executor } from './executor.ts';
import type { ModelObserver } from './model-observer.ts';
import type { RunEstimate } from './run-estimate.ts';
import { runInPieces } from './run-in-pieces.ts';
import type { Statistics } from './statistics.ts';
import type { Tensor } from './tensor.ts';
import { deadlinePassed, type WaitingJob } from './waiting-job.ts';

export interface BatchRunnerOptions {
  /** Name of the model, for errors. */
  readonly name: string;
  readonly executor: Executor;
  /** Most rows of several jobs that share a run. */
  readonly maxBatchSize: number;
  readonly estimate: RunEstimate;
  readonly statistics: Statistics;
  readonly observer: ModelObserver;
}

/** Settles a job that must not run any more: its caller has left, or its deadline has passed. True when it is settled. */
export function settleIfDue(name: string, waiting: WaitingJob, nowMs: number): boolean {
  if (waiting.job.signal?.aborted) waiting.reject(new CallerLeft());
  else if (waiting.job.deadlineMs <= nowMs) waiting.reject(deadlinePassed(name, waiting, nowMs));
  return waiting.settled;
}

/** The outputs of each job, in the order of the jobs. Throws where the model gives another number of rows than it got. */
function takeApart(
  name: string,
  outputs: readonly Tensor[],
  batch: readonly WaitingJob[],
  rows: number,
): (readonly Tensor[])[] {
  if (batch.length === 1) return [outputs];
  const odd = outputs.find(({ shape }) => shape[0] !== rows);
  if (odd !== undefined) {
    const received = `${odd.name} of the shape [${odd.shape.join(',')}] for ${rows} rows`;
    throw new ServiceError('inference_failed', { path: name, received });
  }
  let at = 0;
  return batch.map((waiting) => {
    const own = rowsFrom(outputs, at, waiting.rows);
    at += waiting.rows;
    return own;
  });
}

/**
 * Makes the function that runs jobs which can share a run, and settles all of them; it never rejects. A failed run of several is
 * repeated one by one, so that a row which the model cannot take fails alone; not so one whose thread ended, as a row that
 * ends threads would end one for each repetition.
 */
export function createBatchRunner(options: BatchRunnerOptions): (batch: readonly WaitingJob[]) => Promise<void> {
  const { name, executor, maxBatchSize, estimate, statistics, observer } = options;

  const run = (inputs: readonly Tensor[], rows: number, [first]: readonly [WaitingJob]) => {
    const { outputs } = first.job;
    // A job of many rows came alone. A thread may well take its time over it, the event loop may not.
    const isLong = executor.kind === 'inline' && maxBatchSize > 1 && rows > maxBatchSize;
    if (!isLong) return executor.run(inputs, outputs);
    const isWanted = () => !settleIfDue(name, first, performance.now());
    return runInPieces(executor, { inputs, outputs }, maxBatchSize, isWanted);
  };
  const runTogether = async (batch: readonly WaitingJob[]): Promise<void> => {
    const [first] = batch as readonly [WaitingJob];
    const began = performance.now();
    let rows = 0;
    for (const waiting of batch) rows += waiting.rows;
    const jobs = batch.map(({ job }) => job);
    const inputs = jobs.length === 1 ? first.job.inputs : joinInputs(jobs, rows);
    const joined = performance.now();
    const ran = await run(inputs, rows, [first]);
    if (ran === undefined) return;
    const { outputs, seconds } = ran;
    const ended = performance.now();
    const results = takeApart(name, outputs, batch, rows);
    // Not since it began: it may have waited in the thread for the run before it.
    estimate.add(seconds * 1000);
    observer.ran(seconds, rows);
    statistics.ran(batch.length, rows, {
      inputMs: joined - began,
      inferMs: seconds * 1000,
      outputMs: performance.now() - ended,
    });
    for (const [i, waiting] of batch.entries()) {
      if (waiting.job.deadlineMs <= ended) waiting.reject(deadlinePassed(name, waiting, ended));
      const times = { queuedSeconds: (began - waiting.sinceMs) / 1000, computedSeconds: seconds, batchRows: rows };
      waiting.resolve({ outputs: results[i] as readonly Tensor[], times }, ended);
    }
  };
  const runApart = async (batch: readonly WaitingJob[]): Promise<void> => {
    for (const waiting of batch) {
      if (settleIfDue(name, waiting, performance.now())) continue;
      await runTogether([waiting]).catch((error) => waiting.reject(error));
    }
  };
  return async (batch) => {
    const nowMs = performance.now();
    for (const { sinceMs } of batch) observer.queued((nowMs - sinceMs) / 1000);
    try {
      await runTogether(batch);
    } catch (error) {
      const canRepeat = batch.length > 1 && error instanceof ServiceError && error.code === 'inference_failed';
      if (canRepeat) return runApart(batch);
      for (const waiting of batch) waiting.reject(error as Error);
    }
  };
}
