import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is started with. */
export interface HouseThreadData {
  readonly dir: string;
  readonly maxDiskBytes: number;
  /** Not 0: stop after the segment at hand. */
  readonly stop: Int32Array;
}

/** A round to do. */
export interface HouseRound {
  readonly owner: string | null;
}

/** What the thread says: a warning, or that the round is done. */
export type HouseMessage = { readonly warning: string } | 'done';

const { stop, ...options } = workerData as HouseThreadData;
const say = (message: HouseMessage): void => parentPort?.postMessage(message);

// On Linux this is the priority of the thread alone: it takes what serving leaves of the processors. Elsewhere it would be the process's.
if (process.platform === 'linux') setPriority(19);

// Loaded at that priority too: it brings the Parquet writer.
const { keepHouse } = await import('./keep-house.ts');
parentPort?.on('message', (round: HouseRound | null) => {
  if (round === null) return parentPort?.close();
  keepHouse({
    ...options,
    ...round,
    warn: (warning) => say({ warning }),
    stopped: () => Atomics.load(stop, 0) !== 0,
  });
  say('done');
});
