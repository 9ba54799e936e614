import { beatMs, becomeOwner, type Owner } from './owner.ts';
import { openSegment, type Segment } from './segment.ts';
import { newSegmentName } from './segment-name.ts';

export interface SegmentWriterOptions {
  readonly dir: string;
  readonly durable: boolean;
  /** A segment of this size or age is closed and another one begun. */
  readonly segmentBytes: number;
  readonly segmentMs: number;
  /** Called when a segment with lines was closed, with its owner's name. */
  readonly closed: (owner: string) => void;
}

/** Writes lines into one segment after another. One call at a time; every call may throw what the file system says, and the next starts afresh. */
export interface SegmentWriter {
  write(chunks: readonly Uint8Array[]): Promise<void>;
  /** To be called now and then: says that this process lives and closes a segment that has become old. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

/** Makes a writer that touches no file before the first line. */
export function createSegmentWriter(options: SegmentWriterOptions): SegmentWriter {
  const { dir, durable, segmentBytes, segmentMs, closed } = options;
  let owner: Owner | undefined;
  let beatAt = 0;
  let segment: Segment | undefined;
  let number = 0;

  const closeSegment = async (): Promise<void> => {
    const [closing, of] = [segment, owner];
    segment = undefined;
    await closing?.close();
    if (closing !== undefined && closing.bytes() > 0 && of !== undefined) closed(of.name);
  };

  // After a long pause others may have taken this process for gone and its segment for theirs: then it writes to that no more.
  const beat = async (): Promise<void> => {
    if (owner === undefined || performance.now() - beatAt < beatMs) return;
    if (await owner.beat()) beatAt = performance.now();
    else {
      // Its name may have been changed by then, which is what closing it would do.
      await closeSegment().catch(() => undefined);
      owner = undefined;
    }
  };

  const currentSegment = async (): Promise<Segment> => {
    await beat();
    if (owner === undefined) [owner, beatAt] = [await becomeOwner(dir), performance.now()];
    if (segment !== undefined) return segment;
    number += 1;
    segment = await openSegment(dir, newSegmentName(Date.now(), owner.name, number), durable);
    return segment;
  };

  const rotate = async (): Promise<void> => {
    if (segment === undefined) return;
    if (segment.bytes() >= segmentBytes || Date.now() - segment.startedMs >= segmentMs) await closeSegment();
  };

  return {
    write: async (chunks) => {
      const current = await currentSegment();
      try {
        await current.write(chunks);
      } catch (error) {
        // What a disk holds after a failure is uncertain: begin another segment.
        await closeSegment().catch(() => undefined);
        throw error;
      }
      // The lines are written: that the segment cannot be closed is no failure of theirs.
      await rotate().catch(() => undefined);
    },
    tick: async () => {
      await beat();
      await rotate();
    },
    close: async () => {
      try {
        await closeSegment();
      } finally {
        await owner?.release();
        owner = undefined;
      }
    },
  };
}
