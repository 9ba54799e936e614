import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '@repo/registry/durable-write';
import { closedFile, openFile } from './segment-name.ts';

/** A file of whole lines that grows until it is closed. */
export interface Segment {
  readonly startedMs: number;
  /** Bytes of whole lines. */
  bytes(): number;
  /** Appends whole lines in one write, and waits for the disk when the log is durable. When it throws, the segment must be closed. */
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /** Puts it on the disk and gives it the name of closed segments; one without a line is removed. */
  close(): Promise<void>;
}

/** Begins a segment that nobody has begun yet. */
export async function openSegment(dir: string, name: string, durable: boolean): Promise<Segment> {
  const path = join(dir, openFile(name));
  const file = await open(path, 'ax');
  // A file that is on the disk is lost all the same while its name is not.
  if (durable) await syncFolder(dir);
  let bytes = 0;
  return {
    startedMs: Date.now(),
    bytes: () => bytes,
    write: async (chunks) => {
      const length = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
      try {
        const { bytesWritten } = await file.writev(chunks);
        if (bytesWritten !== length) throw new Error(`${bytesWritten} of ${length} bytes fitted`);
        if (durable) await file.datasync();
        bytes += length;
      } catch (error) {
        // Takes back what was written of it: those who were told of the failure may ask again.
        await file.truncate(bytes).catch(() => undefined);
        throw error;
      }
    },
    close: async () => {
      try {
        await file.datasync();
      } finally {
        await file.close();
        if (bytes === 0) await rm(path, { force: true });
        else await rename(path, join(dir, closedFile(name)));
      }
    },
  };
}
