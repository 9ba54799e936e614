import { ServiceError } from '@repo/contract/service-error';
import { rowsOf } from './batch.ts';
import { CallerLeft } from './caller-left.ts';
import type { Job, RunResult } from './job.ts';
import type { Statistics } from './statistics.ts';
import { byteLengthOf } from './tensor.ts';

/** A job that was taken and has a caller who waits. It is settled once; what comes later is dropped. */
export interface WaitingJob {
  readonly job: Job;
  readonly rows: number;
  readonly bytes: number;
  /** When it came, as performance.now() reads it. */
  readonly sinceMs: number;
  readonly settled: boolean;
  resolve(result: RunResult, nowMs: number): void;
  reject(error: Error): void;
}

/** The refusal of a job whose deadline has passed. */
export function deadlinePassed(name: string, { sinceMs, job }: WaitingJob, nowMs: number): ServiceError {
  return new ServiceError('deadline_exceeded', {
    path: name,
    received: `no answer after ${Math.round(nowMs - sinceMs)} ms`,
    allowed: `an answer within ${Math.round(job.deadlineMs - sinceMs)} ms`,
  });
}

/** Wraps a job with the promise of its caller; settling it goes into the statistics. */
export function createWaitingJob(
  job: Job,
  statistics: Statistics,
  resolve: (result: RunResult) => void,
  reject: (error: Error) => void,
): WaitingJob {
  let settled = false;
  const sinceMs = performance.now();
  let bytes = 0;
  for (const input of job.inputs) bytes += byteLengthOf(input);
  return {
    job,
    rows: rowsOf(job),
    bytes,
    sinceMs,
    get settled() {
      return settled;
    },
    resolve: (result, nowMs) => {
      if (settled) return;
      settled = true;
      statistics.answered(nowMs - sinceMs, result.times.queuedSeconds * 1000);
      resolve(result);
    },
    reject: (error) => {
      if (settled) return;
      settled = true;
      if (error instanceof CallerLeft) statistics.left();
      else statistics.failed(performance.now() - sinceMs);
      reject(error);
    },
  };
}
