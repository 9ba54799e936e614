import type { PredictionEvent } from '../prediction-log.ts';
import { createBatch, type EventBatch, serialise } from './event-batch.ts';
import type { EventLine } from './event-line.ts';

export interface EventQueueOptions {
  /** Batches go out at once instead of gathering, one after the other; those that come meanwhile make up the next. */
  readonly durable: boolean;
  /** Most that is held, written out or not. */
  readonly maxBytes: number;
  readonly maxEvents: number;
  readonly writeEvent: (event: PredictionEvent, atMs: number) => EventLine;
  /** Gets the bytes of lines as they were made, and how many these are. */
  readonly keep?: ((chunk: Uint8Array, events: number) => void) | undefined;
  /** Puts a batch on the disk. One call at a time. Never throws. */
  readonly store: (batch: EventBatch) => Promise<void>;
}

/** Events on their way to the disk. */
export interface EventQueue {
  /** Takes an event. Returns the batch it became part of, or null when the queue is full. */
  add(event: PredictionEvent): EventBatch | null;
  /** Resolves when nothing is held any more. */
  empty(): Promise<void>;
}

/** Longest that an event waits in memory for others to be written with; with this many bytes it waits no longer. */
const gatherMs = 20;
const gatherBytes = 256 * 1024;

/**
 * Makes a queue. Events become lines on the next turn of the event loop, after the answers of this one are out, so that what they hold on to is
 * let go soon: the bytes that are bounded are those of lines, the events that are not lines yet came in one turn.
 */
export function createEventQueue(options: EventQueueOptions): EventQueue {
  const { durable, maxBytes, maxEvents, writeEvent, keep, store } = options;
  let batch = createBatch();
  let [heldEvents, heldBytes] = [0, 0];
  let serialising = false;
  let gathering: NodeJS.Timeout | undefined;
  let storing: Promise<void> | undefined;

  const storeBatch = async (): Promise<void> => {
    const taken = batch;
    batch = createBatch();
    heldBytes += serialise(taken, writeEvent, keep);
    await store(taken);
    heldEvents -= taken.events;
    heldBytes -= taken.bytes;
    storing = undefined;
    schedule();
  };

  const storeNow = (): void => {
    clearTimeout(gathering);
    gathering = undefined;
    if (storing === undefined && batch.events > 0) storing = storeBatch();
  };

  const schedule = (): void => {
    if (durable || batch.bytes >= gatherBytes) storeNow();
    else if (batch.events > 0) gathering ??= setTimeout(storeNow, gatherMs);
  };

  const endTurn = (): void => {
    serialising = false;
    heldBytes += serialise(batch, writeEvent, keep);
    schedule();
  };

  return {
    add: (event) => {
      if (heldEvents >= maxEvents || heldBytes >= maxBytes) return null;
      batch.waiting.push({ event, atMs: Date.now() });
      batch.events += 1;
      heldEvents += 1;
      if (!serialising) {
        serialising = true;
        setImmediate(endTurn);
      }
      return batch;
    },
    empty: async () => {
      while (heldEvents > 0) {
        storeNow();
        await storing;
      }
    },
  };
}
