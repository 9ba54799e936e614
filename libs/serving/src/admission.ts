import { ServiceError } from '@repo/contract/service-error';
import { settleIfDue } from './batch-runner.ts';
import type { JobQueue } from './job-queue.ts';
import { type Arrival, deadlinePassed } from './waiting-job.ts';

export interface AdmissionOptions {
  /** Name of the model, for errors. */
  readonly name: string;
  /** Most jobs that wait. */
  readonly maxQueueItems: number;
  readonly maxQueueBytes: number;
  /** When those who are refused may try again. */
  readonly retryAfterSeconds: () => number;
}

/** Decides at the door, so that nobody waits for an answer that cannot come in time. */
export interface Admission {
  /** Why a job is refused, or undefined. `expectedMs` is the time to its answer, judged by those before it. */
  refusal(arrival: Arrival, expectedMs: number): ServiceError | undefined;
  /** Refuses every job from now on. */
  close(): void;
}

/** Makes the admission to a queue. Jobs whose callers have left make room before a job is refused for want of it. */
export function createAdmission(options: AdmissionOptions, queue: JobQueue): Admission {
  const { name, maxQueueItems, maxQueueBytes } = options;
  let closed = false;
  // A job larger than all the room there is waits alone rather than never.
  const isFull = (bytes: number): boolean =>
    queue.length >= maxQueueItems || (queue.length > 0 && queue.bytes + bytes > maxQueueBytes);
  return {
    refusal: (arrival, expectedMs) => {
      const { sinceMs: nowMs, job, bytes } = arrival;
      if (closed) {
        return new ServiceError('model_not_ready', { path: `model ${name}`, received: 'a version that is leaving' });
      }
      if (job.deadlineMs <= nowMs) return deadlinePassed(name, arrival, nowMs);
      if (isFull(bytes)) queue.sweep((other) => settleIfDue(name, other, nowMs));
      if (isFull(bytes)) {
        const received = `${queue.length} waiting requests of ${queue.bytes} bytes`;
        return new ServiceError('queue_full', { path: name, received, retryAfterSeconds: options.retryAfterSeconds() });
      }
      if (nowMs + expectedMs <= job.deadlineMs) return undefined;
      const received = `an expected wait of ${Math.ceil(expectedMs)} ms`;
      const allowed = `a wait within ${Math.round(job.deadlineMs - nowMs)} ms`;
      const retryAfterSeconds = options.retryAfterSeconds();
      return new ServiceError('overloaded', { path: name, received, allowed, retryAfterSeconds });
    },
    close: () => {
      closed = true;
    },
  };
}
