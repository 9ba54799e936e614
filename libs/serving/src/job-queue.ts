import { canShare } from './batch.ts';
import type { WaitingJob } from './waiting-job.ts';

/** Jobs that wait for a run, first come first served. */
export interface JobQueue {
  readonly length: number;
  readonly bytes: number;
  /** Whether there is enough for a run that is as full as can be. */
  readonly fillsRun: boolean;
  /** Runs that the jobs and so many rows more need when each run is as full as can be. */
  runsWith(more: number): number;
  push(waiting: WaitingJob): void;
  /**
   * Takes the first job and all that can share its run, in their order, up to the batch size; a job larger than that goes alone. Those
   * that `drop` says yes to are taken out and left out.
   */
  take(drop: (waiting: WaitingJob) => boolean): WaitingJob[];
  /** Takes out the jobs that `drop` says yes to. */
  sweep(drop: (waiting: WaitingJob) => boolean): void;
  /** The jobs, the first first. */
  values(): Iterable<WaitingJob>;
}

/** Makes an empty queue for runs of at most `maxBatchSize` rows. It knows no bound: ask before you push. */
export function createJobQueue(maxBatchSize: number): JobQueue {
  let jobs: WaitingJob[] = [];
  let bytes = 0;
  /** Rows, a large job counted as one full run. */
  let rows = 0;
  const cost = (jobRows: number): number => Math.min(jobRows, maxBatchSize);
  const out = (waiting: WaitingJob): void => {
    bytes -= waiting.bytes;
    rows -= cost(waiting.rows);
  };
  return {
    get length() {
      return jobs.length;
    },
    get bytes() {
      return bytes;
    },
    get fillsRun() {
      return rows >= maxBatchSize;
    },
    runsWith: (more) => Math.ceil((rows + cost(more)) / maxBatchSize),
    push: (waiting) => {
      jobs.push(waiting);
      bytes += waiting.bytes;
      rows += cost(waiting.rows);
    },
    take: (drop) => {
      const batch: WaitingJob[] = [];
      const rest: WaitingJob[] = [];
      let taken = 0;
      for (const waiting of jobs) {
        const [first] = batch;
        const fits = first === undefined || (taken + waiting.rows <= maxBatchSize && canShare(first.job, waiting.job));
        if (!fits) {
          rest.push(waiting);
          continue;
        }
        out(waiting);
        if (drop(waiting)) continue;
        batch.push(waiting);
        taken += waiting.rows;
      }
      jobs = rest;
      return batch;
    },
    sweep: (drop) => {
      jobs = jobs.filter((waiting) => {
        if (!drop(waiting)) return true;
        out(waiting);
        return false;
      });
    },
    values: () => jobs,
  };
}
