import type { PredictionEvent } from '../prediction-log.ts';
import type { EventLine } from './event-line.ts';

/** Events that are written together, and how many of them there are of each result. */
export interface EventBatch {
  /** Taken, not yet lines. */
  readonly waiting: { event: PredictionEvent; atMs: number }[];
  /** Lines, as bytes. */
  readonly chunks: Uint8Array[];
  readonly counts: Record<EventLine['result'], number>;
  events: number;
  bytes: number;
  /** Resolves when the batch is on the disk; rejects when it could not be put there. */
  readonly stored: PromiseWithResolvers<void>;
}

export function createBatch(): EventBatch {
  const stored = Promise.withResolvers<void>();
  // A batch that nobody waits for may fail all the same.
  stored.promise.catch(() => undefined);
  return { waiting: [], chunks: [], counts: { written: 0, dropped_size: 0, failed: 0 }, events: 0, bytes: 0, stored };
}

/** Turns the events that wait into lines. Returns the bytes these take; `keep` is given them too. */
export function serialise(
  batch: EventBatch,
  write: (event: PredictionEvent, atMs: number) => EventLine,
  keep?: (chunk: Uint8Array, events: number) => void,
): number {
  let text = '';
  const events = batch.waiting.length;
  for (const { event, atMs } of batch.waiting) {
    const { line, result } = write(event, atMs);
    text += line;
    batch.counts[result] += 1;
  }
  batch.waiting.length = 0;
  if (text === '') return 0;
  const chunk = Buffer.from(text);
  batch.chunks.push(chunk);
  keep?.(chunk, events);
  batch.bytes += chunk.byteLength;
  return chunk.byteLength;
}
