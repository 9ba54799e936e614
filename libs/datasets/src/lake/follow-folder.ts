import { type FSWatcher, type Stats, statSync, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import type { Batch, BatchStream } from './batch-stream.ts';

/** Endings of the files that hold batches. */
const endings: readonly string[] = ['.parquet', '.csv', '.jsonl'];

/** Whoever writes a file in place is expected to pause for less than this. */
const defaultStillMs = 500;

const stateOf = ({ size, mtimeMs, ino }: Stats): string => `${size} ${mtimeMs} ${ino}`;

function stat(path: string): Stats | null {
  try {
    const found = statSync(path);
    return found.isFile() ? found : null;
  } catch {
    return null;
  }
}

/** Watches a folder; null on a system without notifications, where it is looked through all the same. */
function watchFolder(folder: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(folder, onChange);
    return watcher.on('error', () => watcher.close());
  } catch {
    return null;
  }
}

/** Files of a folder that hold batches, in the order of their names. Those whose names begin with a dot are left alone. */
export async function batchFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names.filter((name) => !name.startsWith('.') && endings.includes(extname(name))).sort();
}

export interface FollowFolderOptions {
  readonly folder: string;
  /**
   * How long a file must not have changed before it is taken, and how often the folder is looked through also where the system tells of no
   * change, as some network file systems do. Default 500.
   */
  readonly stillMs?: number;
}

/**
 * A stream of the files in a folder, in the order of their names, now and as they come. A file that is being written is not taken: it must be
 * the same, in size and time, for half a second. One that changes later is a new batch. The files stay where they are. What was
 * acknowledged is remembered by this process only; the next one meets the same files again, which is cheap, as the lake knows their rows.
 * Throws InputError where the folder cannot be read.
 */
export function followFolder(options: FollowFolderOptions): BatchStream {
  const { folder, stillMs = defaultStillMs } = options;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const action = 'name a folder that exists';
    throw new InputError({ path: 'ingest', received: show(folder), allowed: 'a folder to follow', action });
  }
  /** By name: the state in which a file is, and since when; and the one in which it was handed out. */
  const seen = new Map<string, { state: string; sinceMs: number }>();
  const taken = new Map<string, string>();
  let ready: string[] = [];
  let closed = false;
  let wake = () => {};
  const watcher = watchFolder(folder, () => wake());

  /** Names of the files that stood still for long enough and were not handed out as they are. */
  async function look(): Promise<string[]> {
    const nowMs = performance.now();
    const still: string[] = [];
    for (const name of await batchFiles(folder)) {
      const found = stat(join(folder, name));
      if (found === null) continue;
      const state = stateOf(found);
      const before = seen.get(name);
      if (before?.state !== state) seen.set(name, { state, sinceMs: nowMs });
      else if (taken.get(name) !== state && nowMs - before.sinceMs >= stillMs) still.push(name);
    }
    return still;
  }

  /** Waits for a change or for the next look, whatever comes first. */
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, stillMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  return {
    async next(): Promise<Batch | null> {
      for (;;) {
        if (closed) return null;
        const name = ready.shift();
        if (name !== undefined) {
          taken.set(name, seen.get(name)?.state ?? '');
          return { name, path: join(folder, name) };
        }
        ready = await look();
        if (ready.length === 0 && !closed) await pause();
      }
    },
    async acknowledge() {},
    async close() {
      closed = true;
      watcher?.close();
      wake();
    },
  };
}
