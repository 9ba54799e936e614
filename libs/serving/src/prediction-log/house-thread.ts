import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { RoundOutcome } from './house-round.ts';

/** What the thread is started with. */
export interface HouseThreadData {
  readonly dir: string;
  readonly maxDiskBytes: number;
  /** Below which compacted files go; null: they stay. */
  readonly stateUrl: string | null;
  /** Not 0: stop after the segment at hand. */
  readonly stop: Int32Array;
}

/** A round to do. */
export interface HouseRound {
  readonly owner: string | null;
}

/** What the thread says: a warning, what became of files that are to be uploaded, or that the round is done. */
export type HouseMessage = { readonly warning: string } | { readonly round: RoundOutcome } | 'done';

const { stop, ...options } = workerData as HouseThreadData;
const say = (message: HouseMessage): void => parentPort?.postMessage(message);

// On Linux this is the priority of the thread alone: it takes what serving leaves of the processors. Elsewhere it would be the process's.
if (process.platform === 'linux') setPriority(19);

// Loaded at that priority too: it brings the Parquet writer.
const { doHouseRound } = await import('./house-round.ts');
parentPort?.on('message', async (work: HouseRound | null) => {
  if (work === null) return parentPort?.close();
  const round = await doHouseRound({
    ...options,
    ...work,
    warn: (warning) => say({ warning }),
    stopped: () => Atomics.load(stop, 0) !== 0,
  });
  if (round !== null) say({ round });
  say('done');
});
