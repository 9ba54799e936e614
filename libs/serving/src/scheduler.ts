import { ServiceError } from '@repo/contract/service-error';
import { joinInputs, rowsFrom } from './batch.ts';
import { CallerLeft } from './caller-left.ts';
import { createDeadlineWatch } from './deadline-watch.ts';
import type { Executor } from './executor.ts';
import type { Job, RunResult } from './job.ts';
import { createJobQueue } from './job-queue.ts';
import type { ModelObserver } from './model-observer.ts';
import type { ModelStatistics } from './model-statistics.ts';
import { createRunEstimate, retryAfter } from './run-estimate.ts';
import { createStatistics } from './statistics.ts';
import { createWaitingJob, deadlinePassed, type WaitingJob } from './waiting-job.ts';

export interface SchedulerOptions {
  /** Name of the model, for errors. */
  readonly name: string;
  readonly executor: Executor;
  /** Most rows of several jobs that share a run; 1 where the model's rows do not stand on their own. */
  readonly maxBatchSize: number;
  /** Most jobs that wait. */
  readonly maxQueueItems: number;
  readonly maxQueueBytes: number;
  /** Milliseconds of a full run at warm-up. */
  readonly warmRunMs: number;
  readonly observer: ModelObserver;
}

/** Decides which jobs run when, and which not at all. */
export interface Scheduler {
  /** As {@link ServedModel.run}. */
  run(job: Job): Promise<RunResult>;
  retryAfterSeconds(): number;
  depth(): number;
  statistics(): ModelStatistics;
  /** There may be a free slot now. */
  wake(): void;
  /** Takes no more jobs; resolves when those taken are settled and no run is under way. */
  drain(): Promise<void>;
}

/**
 * Zero-delay coalescing: when a slot is free, all that waits and can share a run goes, up to the batch size; nothing waits for company
 * longer than the turn of the event loop in which it came. Bounded by items and bytes; a job is refused at once when those before it
 * would take it past its deadline, and dropped before its run when the deadline has passed or its caller has left.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { name, executor, maxBatchSize, maxQueueItems, maxQueueBytes, observer } = options;
  const queue = createJobQueue(maxBatchSize);
  const running = new Map<readonly WaitingJob[], number>();
  const statistics = createStatistics();
  const estimate = createRunEstimate(options.warmRunMs);
  const drained = Promise.withResolvers<void>();
  let closing = false;
  let woken = false;

  const isDue = (waiting: WaitingJob, nowMs: number): boolean => {
    if (waiting.job.signal?.aborted) waiting.reject(new CallerLeft());
    else if (waiting.job.deadlineMs <= nowMs) waiting.reject(deadlinePassed(name, waiting, nowMs));
    return waiting.settled;
  };
  const deadlines = createDeadlineWatch((nowMs) => {
    let next = Number.POSITIVE_INFINITY;
    const look = (waiting: WaitingJob): boolean => {
      if (isDue(waiting, nowMs)) return true;
      next = Math.min(next, waiting.job.deadlineMs);
      return false;
    };
    queue.sweep(look);
    for (const batch of running.keys()) batch.forEach(look);
    settleDrain();
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  });
  const settleDrain = (): void => {
    if (!closing || queue.length > 0 || running.size > 0) return;
    deadlines.stop();
    drained.resolve();
  };

  /** Milliseconds until a job that came now would have its answer, judged by recent runs. */
  const waitMs = (nowMs: number): number => {
    const slots = Math.max(1, executor.slots);
    const rounds = Math.ceil((queue.batches + 1) / slots);
    if (running.size < slots) return rounds * estimate.ms;
    const [oldest = nowMs] = running.values();
    return rounds * estimate.ms + Math.max(0, estimate.ms - (nowMs - oldest));
  };
  const isFull = (bytes: number): boolean =>
    queue.length >= maxQueueItems || (queue.length > 0 && queue.bytes + bytes > maxQueueBytes);

  /** Why a job is not taken, or undefined. */
  const refusal = (waiting: WaitingJob): ServiceError | undefined => {
    const { sinceMs: nowMs, job, bytes } = waiting;
    if (closing)
      return new ServiceError('model_not_ready', { path: `model ${name}`, received: 'a version that is leaving' });
    if (job.deadlineMs <= nowMs) return deadlinePassed(name, waiting, nowMs);
    if (isFull(bytes)) queue.sweep((other) => isDue(other, nowMs));
    if (isFull(bytes)) {
      const received = `${queue.length} waiting requests of ${queue.bytes} bytes`;
      return new ServiceError('queue_full', { path: name, received });
    }
    const isIdle = queue.length === 0 && running.size < executor.slots;
    const expectedMs = isIdle ? 0 : waitMs(nowMs);
    if (nowMs + expectedMs <= job.deadlineMs) return undefined;
    const received = `an expected wait of ${Math.ceil(expectedMs)} ms`;
    const allowed = `a wait within ${Math.round(job.deadlineMs - nowMs)} ms`;
    return new ServiceError('overloaded', { path: name, received, allowed });
  };

  /** Runs jobs as one and settles them. Rejects when the run fails. */
  const runTogether = async (batch: readonly WaitingJob[]): Promise<void> => {
    const [first] = batch as readonly [WaitingJob];
    const began = performance.now();
    const rows = batch.reduce((sum, waiting) => sum + waiting.rows, 0);
    const jobs = batch.map(({ job }) => job);
    const inputs = jobs.length === 1 ? first.job.inputs : joinInputs(jobs, rows);
    const joined = performance.now();
    const { outputs, seconds } = await executor.run(inputs, first.job.outputs);
    const ended = performance.now();
    estimate.add(ended - began);
    observer.ran(seconds, rows);
    let at = 0;
    for (const waiting of batch) {
      const times = { queuedSeconds: (began - waiting.sinceMs) / 1000, computedSeconds: seconds, batchRows: rows };
      const own = batch.length === 1 ? outputs : rowsFrom(outputs, at, waiting.rows);
      at += waiting.rows;
      if (waiting.job.deadlineMs <= ended) waiting.reject(deadlinePassed(name, waiting, ended));
      else waiting.resolve({ outputs: own, times }, ended);
    }
    const parts = { inputMs: joined - began, inferMs: seconds * 1000, outputMs: performance.now() - ended };
    statistics.ran(batch.length, rows, parts);
  };

  /** A failed run of several is repeated one by one, so that a row that the model cannot take fails alone. */
  const runApart = async (batch: readonly WaitingJob[]): Promise<void> => {
    for (const waiting of batch) {
      if (isDue(waiting, performance.now())) continue;
      await runTogether([waiting]).catch((error) => waiting.reject(error));
    }
  };
  const dispatch = async (batch: readonly WaitingJob[]): Promise<void> => {
    const began = performance.now();
    running.set(batch, began);
    for (const { sinceMs } of batch) observer.queued((began - sinceMs) / 1000);
    try {
      await runTogether(batch);
    } catch (error) {
      const canRepeat = batch.length > 1 && error instanceof ServiceError && error.code === 'inference_failed';
      if (canRepeat) await runApart(batch);
      else for (const waiting of batch) waiting.reject(error as Error);
    }
    running.delete(batch);
    pump();
  };
  const pump = (): void => {
    while (queue.length > 0 && running.size < executor.slots) {
      const nowMs = performance.now();
      const batch = queue.take((waiting) => isDue(waiting, nowMs));
      if (batch.length > 0) void dispatch(batch);
    }
    settleDrain();
  };
  const wake = (): void => {
    if (woken || running.size >= executor.slots) return;
    woken = true;
    setImmediate(() => {
      woken = false;
      pump();
    });
  };
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const waiting = createWaitingJob(job, statistics, resolve, reject);
        const error = refusal(waiting);
        if (error !== undefined) return waiting.reject(error);
        queue.push(waiting);
        deadlines.watch(job.deadlineMs);
        wake();
      }),
    retryAfterSeconds: () => retryAfter(waitMs(performance.now()), Math.random()),
    depth: () => queue.length,
    statistics: () => statistics.read(),
    wake,
    drain: () => {
      closing = true;
      settleDrain();
      return drained.promise;
    },
  };
}
