import { randomUUID } from 'node:crypto';

/** The newest events of a process, which the log holds too. */
export interface RecentLines {
  /** Keeps bytes that were made anyway: `events` whole lines. Nothing is copied or looked at. */
  keep(chunk: Uint8Array, events: number): void;
  /**
   * Lines after a cursor that an earlier page gave, oldest first, at most `limit`. With null, or the cursor of another process: from the oldest
   * that is kept. What was let go in between is skipped.
   */
  page(after: string | null, limit: number): RecentPage;
}

export interface RecentPage {
  /** JSON texts of events. */
  readonly lines: readonly string[];
  /** Cursor of what comes after them. */
  readonly next: string;
}

interface Chunk {
  /** Number of its first event, counted since the process began. */
  readonly first: number;
  readonly events: number;
  readonly bytes: Uint8Array;
}

/** What is kept at most, and per page: at 50 events a second of 1 KiB some three minutes. */
const most = { bytes: 8 * 2 ** 20, events: 10_000, pageBytes: 2 * 2 ** 20 };

/** Begins with nothing. Bounds: 8 MiB and 10,000 events unless told; the oldest go first. A page ends at 2 MiB, but after one event at least. */
export function createRecentLines({ maxBytes = most.bytes, maxEvents = most.events } = {}): RecentLines {
  const run = randomUUID().slice(0, 8);
  const chunks: Chunk[] = [];
  let [first, next, heldBytes] = [0, 0, 0];

  const letGo = (): void => {
    while (chunks.length > 0 && (heldBytes > maxBytes || next - first > maxEvents)) {
      const { events, bytes } = chunks.shift() as Chunk;
      first += events;
      heldBytes -= bytes.byteLength;
    }
  };
  const startOf = (after: string | null): number => {
    const [of, number] = (after ?? '').split('.');
    const asked = Number(number);
    return of === run && Number.isInteger(asked) && asked >= first && asked <= next ? asked : first;
  };
  return {
    keep: (bytes, events) => {
      chunks.push({ first: next, events, bytes });
      next += events;
      heldBytes += bytes.byteLength;
      letGo();
    },
    page: (after, limit) => {
      const start = startOf(after);
      const lines: string[] = [];
      let pageBytes = 0;
      for (const chunk of chunks) {
        if (chunk.first + chunk.events <= start) continue;
        const texts = Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength)
          .toString()
          .split('\n');
        for (const text of texts.slice(Math.max(0, start - chunk.first), chunk.events)) {
          pageBytes += text.length;
          if (lines.length >= limit || (lines.length > 0 && pageBytes > most.pageBytes))
            return { lines, next: `${run}.${start + lines.length}` };
          lines.push(text);
        }
      }
      return { lines, next: `${run}.${start + lines.length}` };
    },
  };
}
