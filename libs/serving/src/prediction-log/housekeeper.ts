import { readdir } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { HouseThreadData } from './house-thread.ts';
import { readSegmentName } from './segment-name.ts';

/** Keeps a log's folder in order, in a thread that lives only while there is work. */
export interface Housekeeper {
  /** Starts a round, or has the one under way followed by another. */
  run(owner: string | null): void;
  /** Starts a round when the folder holds anything that it might be about. Never throws. */
  runIfNeeded(): Promise<void>;
  /** Lets the segment at hand be finished, starts no other round and resolves when the thread has ended. It is never ended from outside. */
  stop(): Promise<void>;
}

export interface HousekeeperOptions {
  readonly dir: string;
  readonly maxDiskBytes: number;
  readonly warn: (message: string) => void;
}

/** Makes a housekeeper that has not started anything. */
export function createHousekeeper({ dir, maxDiskBytes, warn }: HousekeeperOptions): Housekeeper {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  let round: Promise<void> | undefined;
  let thread: Worker | undefined;
  let next: { owner: string | null } | undefined;

  const failed = (error: unknown): void => warn(`prediction log: its files could not be put in order: ${error}`);
  const runOnce = (owner: string | null): Promise<void> =>
    new Promise((resolve) => {
      const workerData: HouseThreadData = { dir, owner, maxDiskBytes, stop };
      thread = new Worker(new URL('./house-thread.ts', import.meta.url), { workerData });
      // The process may end meanwhile: the next one does the round again.
      thread.unref();
      thread.on('message', warn);
      thread.on('error', failed);
      thread.once('exit', () => resolve());
    });

  const rounds = async (owner: string | null): Promise<void> => {
    for (next = { owner }; next !== undefined && Atomics.load(stop, 0) === 0; ) {
      const { owner } = next;
      next = undefined;
      await runOnce(owner).catch(failed);
    }
    round = undefined;
  };

  const run = (owner: string | null): void => {
    if (round === undefined) round = rounds(owner);
    else next = { owner };
  };
  return {
    run,
    runIfNeeded: async () => {
      const files = await readdir(dir).catch(() => []);
      if (files.some((file) => readSegmentName(file) !== null)) run(null);
    },
    stop: async () => {
      Atomics.store(stop, 0, 1);
      thread?.ref();
      await round;
    },
  };
}
