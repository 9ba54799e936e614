import { createAdmission } from './admission.ts';
import { createBatchRunner, settleIfDue } from './batch-runner.ts';
import { createDeadlineWatch } from './deadline-watch.ts';
import type { Executor } from './executor.ts';
import type { Job, RunResult } from './job.ts';
import { createJobQueue } from './job-queue.ts';
import type { ModelObserver } from './model-observer.ts';
import type { ModelStatistics } from './model-statistics.ts';
import { createRunEstimate, retryAfter } from './run-estimate.ts';
import { createStatistics } from './statistics.ts';
import { type Arrival, WaitingJob } from './waiting-job.ts';

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
  /** As the `run` of a served model. */
  run(job: Job): Promise<RunResult>;
  /** As the `admit` of a served model. */
  admit(deadlineMs: number): void;
  retryAfterSeconds(): number;
  /** Jobs that wait. */
  depth(): number;
  statistics(): ModelStatistics;
  /** Looks whether a slot is free, at the end of this turn of the event loop. */
  wake(): void;
  /** Takes no more jobs; resolves when those taken are settled and no run is under way. */
  drain(): Promise<void>;
}

/**
 * Zero-delay coalescing: when a slot is free, all that waits and can share a run goes, up to the batch size; nothing waits for company
 * longer than the turn of the event loop in which it came. Bounded by items and bytes; a job is refused at once when those before it
 * would take it past its deadline, answered when its deadline passes whatever becomes of its run, and dropped before the run when
 * its caller has left.
 */
export function createScheduler(options: SchedulerOptions): Scheduler {
  const { name, executor } = options;
  const queue = createJobQueue(options.maxBatchSize);
  const statistics = createStatistics();
  const estimate = createRunEstimate(options.warmRunMs);
  const retryAfterSeconds = (): number =>
    retryAfter(expectedMs(performance.now(), options.maxBatchSize), Math.random());
  const admission = createAdmission({ ...options, retryAfterSeconds }, queue);
  const runBatch = createBatchRunner({ ...options, estimate, statistics });
  /**
   * Batches under way, the oldest first, and when each began. An array: the tables that a Map goes through as it grows and shrinks point each at
   * the next, so that one that is garbage but old keeps all that came later alive.
   */
  const running: { batch: readonly WaitingJob[]; beganMs: number }[] = [];
  const drained = Promise.withResolvers<void>();
  let draining = false;
  let woken = false;

  const settleDrain = (): void => {
    if (!draining || queue.length > 0 || running.length > 0) return;
    deadlines.stop();
    drained.resolve();
  };
  /** Settles what is due; the earliest deadline that is left, or undefined. */
  const settleDue = (nowMs: number): number | undefined => {
    let next = Number.POSITIVE_INFINITY;
    const settle = (waiting: WaitingJob): boolean => {
      if (settleIfDue(name, waiting, nowMs)) return true;
      next = Math.min(next, waiting.job.deadlineMs);
      return false;
    };
    queue.sweep(settle);
    for (const { batch } of running) batch.forEach(settle);
    settleDrain();
    return Number.isFinite(next) ? next : undefined;
  };
  const deadlines = createDeadlineWatch(settleDue);

  /** Milliseconds until a job of so many rows that came now would be answered, judged by recent runs. */
  const expectedMs = (nowMs: number, rows: number): number => {
    const slots = Math.max(1, executor.slots);
    const behind = Math.max(0, running.length - slots);
    const rounds = Math.ceil((queue.runsWith(rows) + behind) / slots);
    if (running.length < slots) return rounds * estimate.ms;
    const oldestMs = running[0]?.beganMs ?? nowMs;
    return rounds * estimate.ms + Math.max(0, estimate.ms - (nowMs - oldestMs));
  };
  const refusalOf = (arrival: Arrival, rows: number) => {
    // Nobody before it: however slow the last run was, only another one can tell whether the next is.
    const isNext = queue.length === 0 && running.length < executor.slots;
    return admission.refusal(arrival, isNext ? 0 : expectedMs(arrival.sinceMs, rows));
  };
  /** A slot is free; or a full run waits, to which nobody can be added, and a thread can take it in before it is done with another. */
  const hasRoom = (): boolean =>
    running.length < executor.slots || (queue.fillsRun && running.length < executor.slots + executor.ahead);
  const pump = (): void => {
    while (queue.length > 0 && hasRoom()) {
      const nowMs = performance.now();
      const batch = queue.take((waiting) => settleIfDue(name, waiting, nowMs));
      if (batch.length === 0) continue;
      const started = { batch, beganMs: nowMs };
      running.push(started);
      void runBatch(batch).then(() => {
        running.splice(running.indexOf(started), 1);
        pump();
      });
    }
    settleDrain();
  };
  const wake = (): void => {
    if (woken || !hasRoom()) return;
    woken = true;
    setImmediate(() => {
      woken = false;
      pump();
    });
  };
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        const waiting = new WaitingJob(job, statistics, resolve, reject);
        const refusal = refusalOf(waiting, waiting.rows);
        if (refusal !== undefined) return waiting.reject(refusal);
        queue.push(waiting);
        deadlines.watch(job.deadlineMs);
        wake();
      }),
    admit: (deadlineMs) => {
      const refusal = refusalOf({ sinceMs: performance.now(), bytes: 0, job: { deadlineMs } }, 1);
      if (refusal === undefined) return;
      statistics.failed(0);
      throw refusal;
    },
    retryAfterSeconds,
    depth: () => queue.length,
    statistics: () => statistics.read(),
    wake,
    drain: () => {
      draining = true;
      admission.close();
      settleDrain();
      return drained.promise;
    },
  };
}
