import { readdir } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { compactedFolder } from './compact-segment.ts';
import type { HouseMessage, HouseRound, HouseThreadData } from './house-thread.ts';
import { readSegmentName } from './segment-name.ts';
import { createUploadReporter, type FileResult } from './upload-reporter.ts';

/** Keeps a log's folder in order, in a thread that lives while there is work and a little longer. */
export interface Housekeeper {
  /** Starts a round, or has the one under way followed by another. */
  run(owner: string | null): void;
  /** Starts a round when the folder holds anything that it might be about. Never throws. */
  runIfNeeded(): Promise<void>;
  /** Lets the segment at hand be finished, starts no other round and resolves when the thread has ended. It is never ended from outside. */
  stop(): Promise<void>;
  /**
   * Stops, then does a last round in this thread, which has nothing else to do by then, with all of its priority. Takes no longer than this:
   * what is not done by then is left to the next start.
   */
  finish(mostMs: number): Promise<void>;
}

export interface HousekeeperOptions {
  readonly dir: string;
  readonly maxDiskBytes: number;
  /** Below which compacted files go; null: they stay. */
  readonly stateUrl: string | null;
  readonly countFiles: (result: FileResult, files: number) => void;
  readonly warn: (message: string) => void;
}

/** How long a thread waits for another round: one that has warmed up needs a third of what a new one does, in which code is compiled anew. */
const idleMs = 10_000;

/** A segment and what it is turned into take some 60 MiB; left alone, a heap grows to a multiple of that before it is swept. */
const resourceLimits = { maxOldGenerationSizeMb: 160, maxYoungGenerationSizeMb: 16 };

/** The thread, and the round that it does. */
interface Thread {
  readonly worker: Worker;
  readonly ended: Promise<void>;
  roundDone: () => void;
}

/** Makes a housekeeper that has not started anything. */
export function createHousekeeper(options: HousekeeperOptions): Housekeeper {
  const { dir, maxDiskBytes, stateUrl, countFiles, warn } = options;
  const stop = new Int32Array(new SharedArrayBuffer(4));
  let round: Promise<void> | undefined;
  let thread: Thread | undefined;
  let next: HouseRound | undefined;
  let idle: NodeJS.Timeout | undefined;

  const failed = (error: unknown): void => warn(`prediction log: its files could not be put in order: ${error}`);
  const startThread = (): Thread => {
    const workerData: HouseThreadData = { dir, maxDiskBytes, stateUrl, stop };
    const worker = new Worker(new URL('./house-thread.ts', import.meta.url), { workerData, resourceLimits });
    // The process may end meanwhile: the next one does the round again.
    worker.unref();
    const ended = Promise.withResolvers<void>();
    const started: Thread = { worker, ended: ended.promise, roundDone: () => {} };
    worker.on('message', (message: HouseMessage) => {
      if (message === 'done') started.roundDone();
      else if ('warning' in message) warn(message.warning);
      else uploads.heard(message.round);
    });
    worker.on('error', failed);
    worker.once('exit', () => {
      if (thread === started) thread = undefined;
      started.roundDone();
      ended.resolve();
    });
    return started;
  };
  /** Tells the thread to end once it has nothing to do; the next round starts another. */
  const dismiss = (): void => {
    clearTimeout(idle);
    thread?.worker.postMessage(null);
    thread = undefined;
  };
  const runOnce = (work: HouseRound): Promise<void> =>
    new Promise((resolve) => {
      thread ??= startThread();
      thread.roundDone = resolve;
      thread.worker.postMessage(work);
    });

  const rounds = async (first: HouseRound): Promise<void> => {
    clearTimeout(idle);
    for (next = first; next !== undefined && Atomics.load(stop, 0) === 0; ) {
      const work = next;
      next = undefined;
      await runOnce(work);
    }
    round = undefined;
    idle = setTimeout(dismiss, idleMs).unref();
  };

  const uploads = createUploadReporter({ count: countFiles, warn, again: () => run(null) });
  const run = (owner: string | null): void => {
    if (Atomics.load(stop, 0) !== 0) return;
    if (round === undefined) round = rounds({ owner }).catch(failed);
    else next = { owner };
  };
  const shut = async (): Promise<void> => {
    uploads.close();
    Atomics.store(stop, 0, 1);
    const last = thread;
    last?.worker.ref();
    await round;
    dismiss();
    await last?.ended;
  };
  return {
    run,
    runIfNeeded: async () => {
      const files: string[] = await readdir(dir).catch(() => []);
      const toUpload = stateUrl !== null && files.includes(compactedFolder);
      if (toUpload || files.some((file) => readSegmentName(file) !== null)) run(null);
    },
    stop: shut,
    finish: async (mostMs) => {
      const over = new AbortController();
      const late = wait(mostMs, undefined, { signal: over.signal }).catch(() => undefined);
      const last = async (): Promise<void> => {
        await shut();
        const { doHouseRound } = await import('./house-round.ts');
        const stopped = (): boolean => over.signal.aborted;
        const outcome = await doHouseRound({ dir, maxDiskBytes, stateUrl, owner: null, warn, stopped });
        if (outcome !== null && !stopped()) uploads.heard(outcome);
        uploads.close();
      };
      await Promise.race([last().catch(failed), late]);
      over.abort();
    },
  };
}
