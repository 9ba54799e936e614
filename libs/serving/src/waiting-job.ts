import { ServiceError } from '@repo/contract/service-error';
import { rowsOf } from './batch.ts';
import { CallerLeft } from './caller-left.ts';
import type { Job, RunResult } from './job.ts';
import type { Statistics } from './statistics.ts';
import { byteLengthOf } from './tensor.ts';

/** A job at the door, as far as it is known there. */
export interface Arrival {
  readonly job: Pick<Job, 'deadlineMs'>;
  readonly bytes: number;
  /** When it came, as performance.now() reads it. */
  readonly sinceMs: number;
}

/**
 * A job that was taken and has a caller who waits. It is settled once; what comes later is dropped. A class, as tens of thousands are
 * made a second and closures for each would cost more than all else in the queue.
 */
export class WaitingJob implements Arrival {
  readonly job: Job;
  readonly rows: number;
  readonly bytes: number;
  /** When it came, as performance.now() reads it. */
  readonly sinceMs: number;
  readonly #statistics: Statistics;
  readonly #resolve: (result: RunResult) => void;
  readonly #reject: (error: Error) => void;
  #settled = false;

  /** `resolve` and `reject` are those of the caller's promise; settling it goes into the statistics. */
  constructor(job: Job, statistics: Statistics, resolve: (result: RunResult) => void, reject: (error: Error) => void) {
    this.job = job;
    this.rows = rowsOf(job);
    this.sinceMs = performance.now();
    let bytes = 0;
    for (const input of job.inputs) bytes += byteLengthOf(input);
    this.bytes = bytes;
    this.#statistics = statistics;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  get settled(): boolean {
    return this.#settled;
  }

  resolve(result: RunResult, nowMs: number): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#statistics.answered(nowMs - this.sinceMs, result.times.queuedSeconds * 1000);
    this.#resolve(result);
  }

  reject(error: Error): void {
    if (this.#settled) return;
    this.#settled = true;
    if (error instanceof CallerLeft) this.#statistics.left();
    else this.#statistics.failed(performance.now() - this.sinceMs);
    this.#reject(error);
  }
}

/** The refusal of a job whose deadline has passed. */
export function deadlinePassed(name: string, { sinceMs, job }: Arrival, nowMs: number): ServiceError {
  return new ServiceError('deadline_exceeded', {
    path: name,
    received: `no answer after ${Math.round(nowMs - sinceMs)} ms`,
    allowed: `an answer within ${Math.round(job.deadlineMs - sinceMs)} ms`,
  });
}
