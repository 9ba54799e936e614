import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Uploads } from '@repo/registry/open-uploads';
import { compactedFolder } from './compact-segment.ts';
import { uploadKey } from './upload-key.ts';

export interface UploadOptions {
  /** Folder of the log. */
  readonly dir: string;
  readonly uploads: Uploads;
  /** Asked between two files. */
  readonly stopped: () => boolean;
}

/** What a round of uploads came to. */
export interface Uploaded {
  readonly files: number;
  /** Why it ended before all were there; null when none is left, or when it was told to stop. */
  readonly failure: string | null;
}

/** Compacted files, those of the oldest segments first: their names begin with a time. */
async function listCompacted(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  return files.filter((file) => file.endsWith('.parquet')).sort((a, b) => (basename(a) < basename(b) ? -1 : 1));
}

/**
 * Brings every compacted file of a log to where it stays, and only then removes it here. A file is written once under a key that follows from its
 * name: killed in between, or done by two processes at once, it is found there and counts as brought. The first failure ends the
 * round, since the next file would meet the same; what is left waits for another. Never rejects.
 */
export async function uploadCompacted({ dir, uploads, stopped }: UploadOptions): Promise<Uploaded> {
  const folder = join(dir, compactedFolder);
  let files = 0;
  for (const file of await listCompacted(folder)) {
    if (stopped()) return { files, failure: null };
    try {
      await uploads.putIfAbsent(uploadKey(file), await readFile(join(folder, file)));
      await rm(join(folder, file), { force: true });
      files += 1;
    } catch (error) {
      // Another process of the folder was faster.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue;
      return { files, failure: error instanceof Error ? error.message : String(error) };
    }
  }
  return { files, failure: null };
}
