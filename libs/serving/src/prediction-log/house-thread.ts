import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { Uploads } from '@repo/registry/open-uploads';
import type { Uploaded } from './upload-compacted.ts';

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
export type HouseMessage =
  | { readonly warning: string }
  | { readonly round: Uploaded & { readonly dropped: number } }
  | 'done';

/** Folder of predictions below a state URL; what its roles may write is said by infra/components/src/iam. */
const uploadFolder = 'predictions';

const { stop, stateUrl, ...options } = workerData as HouseThreadData;
const say = (message: HouseMessage): void => parentPort?.postMessage(message);

// On Linux this is the priority of the thread alone: it takes what serving leaves of the processors. Elsewhere it would be the process's.
if (process.platform === 'linux') setPriority(19);

// Loaded at that priority too: it brings the Parquet writer.
const { keepHouse } = await import('./keep-house.ts');
let uploads: Uploads | null = null;
const stopped = (): boolean => Atomics.load(stop, 0) !== 0;

/** Loaded by who uploads alone, and the SDK of S3 with the first file. */
async function upload(url: string): Promise<Uploaded> {
  const { uploadCompacted } = await import('./upload-compacted.ts');
  const { openUploads } = await import('@repo/registry/open-uploads');
  uploads ??= openUploads(url, uploadFolder);
  return uploads === null ? { files: 0, failure: null } : uploadCompacted({ dir: options.dir, uploads, stopped });
}

parentPort?.on('message', async (round: HouseRound | null) => {
  if (round === null) return parentPort?.close();
  const dropped = keepHouse({ ...options, ...round, warn: (warning) => say({ warning }), stopped });
  if (stateUrl !== null) say({ round: { ...(await upload(stateUrl)), dropped } });
  say('done');
});
