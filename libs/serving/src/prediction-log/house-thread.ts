import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread is started with. */
export interface HouseThreadData {
  readonly dir: string;
  readonly owner: string | null;
  readonly maxDiskBytes: number;
  /** Not 0: stop after the segment at hand. */
  readonly stop: Int32Array;
}

const { stop, ...options } = workerData as HouseThreadData;

// On Linux this is the priority of the thread alone: it takes what serving leaves of the processors. Elsewhere it would be the process's.
if (process.platform === 'linux') setPriority(19);

// Loaded at that priority too: it brings the Parquet writer.
const { keepHouse } = await import('./keep-house.ts');
keepHouse({
  ...options,
  warn: (message) => parentPort?.postMessage(message),
  stopped: () => Atomics.load(stop, 0) !== 0,
});
