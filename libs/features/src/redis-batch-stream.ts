import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import { InputError } from '@repo/contract/input-error';
import type { Batch, BatchStream } from '@repo/datasets/lake/batch-stream';
import { connectRedis } from './redis-store-connection.ts';
import { createStreamGroup, type Entry, namedBy } from './redis-stream-group.ts';
import { parseStreamUrl } from './stream-address.ts';
import { type EventFields, readEvent } from './stream-event.ts';

export interface RedisStreamOptions {
  /** `redis://<host>:<port>/<database>/<stream>`. */
  url: string;
  /** Name of the consumer group: each group sees every event once. Default `causeway`. */
  group?: string;
  /** Name of this consumer within the group, the same after a restart. Default the name of the machine. */
  consumer?: string;
  /** Most events of a batch; as many are held in memory at most. Default 5,000. */
  maxRows?: number;
  /** Most bytes of a batch's rows; once as many wait, no more are read. Default 8 MiB. */
  maxBytes?: number;
  /** How long a batch waits for more events after its first. Default 100 ms. */
  lingerMs?: number;
  /** What another consumer has not acknowledged for so long is taken over. Default 60 s. */
  takeOverAfterMs?: number;
  /** Told of entries that are quarantined, doubled or gone. */
  onNote?: (note: string) => void;
}

const retryMs = 500;
/** Entries that are read at once: with the bound of a row, what one answer of the server may hold. */
const mostAtOnce = 500;

/** A batch of a stream knows its entries. */
interface StreamBatch {
  readonly batch: Batch;
  readonly entries: readonly Entry[];
}

/** Rows with the same columns, as a batch has one set of them: where the schema changes a new batch begins. */
const shapeOf = (row: Readonly<Record<string, unknown>>): string => JSON.stringify(Object.keys(row).sort());

/** An entry as it waits for its batch. */
function waitingOf(id: string, fields: EventFields, row: Readonly<Record<string, unknown>>) {
  const line = JSON.stringify(row);
  return { id, fields, line, bytes: Buffer.byteLength(line) + 1, shape: shapeOf(row) };
}

/**
 * Reads a Redis or Valkey stream in bounded batches as one consumer of a group, at least once each: what is not acknowledged comes again, to the
 * consumer of the same name at once, to another after `takeOverAfterMs`. Entries that hold no row go to `<stream>:quarantine` with the
 * reason; of two entries with one event id the first counts. Throws InputError for a malformed URL and a server that refuses.
 */
export async function openRedisBatchStream(options: RedisStreamOptions): Promise<BatchStream> {
  const { url, group = 'causeway', consumer = hostname(), onNote = () => {} } = options;
  const { maxRows = 5000, maxBytes = 8 * 2 ** 20, lingerMs = 100, takeOverAfterMs = 60_000 } = options;
  const { serverUrl, stream, shown } = parseStreamUrl(url);
  const connection = await connectRedis(serverUrl, false, { path: 'stream', what: `stream ${shown}` });
  const reader = createStreamGroup(connection, { stream, group, consumer, takeOverAfterMs, onNote });
  try {
    await reader.join();
  } catch (error) {
    connection.close();
    throw new InputError({
      path: 'stream',
      received: `${shown} (${(error as Error).message})`,
      allowed: 'a stream, or a key that does not exist yet',
      action: 'name another key, or grant the user the commands of streams',
    });
  }
  const entriesOf = new WeakMap<Batch, readonly Entry[]>();
  /** Delivered to this consumer and not yet in a batch. */
  const waiting: ReturnType<typeof waitingOf>[] = [];
  /** Entries of an event that another entry brought, of which nobody knows yet whether it is kept. */
  const undecided: Entry[] = [];
  let isClosed = false;
  /** The batch that is out and not acknowledged. */
  let held: Batch | null = null;

  /** Keeps the rows among entries, and settles the rest. */
  const sort = async (entries: readonly Entry[]): Promise<void> => {
    const events = [...undecided.splice(0), ...entries].map(({ id, fields }) => ({
      id,
      fields,
      event: readEvent(id, fields),
    }));
    const named = events.flatMap(({ id, event }) =>
      'row' in event && event.eventId !== null ? [{ id, eventId: event.eventId }] : [],
    );
    const doubles = await reader.doubles(named);
    const { settled, open } = doubles;
    if (settled.length > 0) onNote(`${settled.length} events came before under the same id`);
    await reader.acknowledge(settled);
    for (const { id, fields, event } of events) {
      if ('refused' in event) await reader.quarantine([{ id, fields }], event.refused);
      else if (open.includes(id)) undecided.push({ id, fields });
      else if (!settled.includes(id)) waiting.push(waitingOf(id, fields, event.row));
    }
  };

  /** The longest batch that what waits begins with. */
  const take = (): StreamBatch => {
    const [first] = waiting;
    let bytes = 0;
    const more = waiting.findIndex(({ bytes: own, shape }, i) => {
      bytes += own;
      return i === maxRows || shape !== first?.shape || (i > 0 && bytes > maxBytes);
    });
    const taken = waiting.splice(0, more === -1 ? waiting.length : more);
    const name = `${shown} ${taken[0]?.id} to ${taken.at(-1)?.id}`;
    const batch: Batch = { name, kind: 'jsonl', text: taken.map(({ line }) => `${line}\n`).join('') };
    return { batch, entries: taken };
  };

  /** Waits for entries, and a little longer for more of them. */
  const fill = async (): Promise<void> => {
    await sort(await reader.read(Math.min(mostAtOnce, maxRows)));
    const untilMs = performance.now() + lingerMs;
    const hasRoom = () => waiting.length < maxRows && waiting.reduce((sum, { bytes }) => sum + bytes, 0) < maxBytes;
    while (waiting.length > 0 && hasRoom() && !isClosed) {
      const leftMs = Math.ceil(untilMs - performance.now());
      const more = leftMs <= 0 ? [] : await reader.readNew(Math.min(mostAtOnce, maxRows - waiting.length), leftMs);
      if (more.length === 0) break;
      await sort(more);
    }
  };

  /** Tries until the server is back: what was delivered meanwhile is delivered again. */
  const steadily = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tries = 0; ; tries++) {
      try {
        return await work();
      } catch (error) {
        if (isClosed) throw error;
        if (tries === 0) onNote(`${shown}: ${(error as Error).message}; trying again until it works`);
        await setTimeout(retryMs);
        await reader.join().catch(() => {});
      }
    }
  };

  return {
    async next() {
      while (!isClosed) {
        try {
          if (waiting.length === 0) await steadily(fill);
        } catch (error) {
          if (!isClosed) throw error;
        }
        if (waiting.length === 0 || isClosed) continue;
        const { batch, entries } = take();
        entriesOf.set(batch, entries);
        held = batch;
        return batch;
      }
      return null;
    },
    async acknowledge(batch, keptOut) {
      const entries = entriesOf.get(batch) ?? [];
      const unkept = keptOut.flatMap((i) => entries[i] ?? []).flatMap(namedBy);
      await steadily(() =>
        reader.acknowledge(
          entries.map(({ id }) => id),
          unkept,
        ),
      );
      held = null;
      if (isClosed) connection.close();
    },
    async refuse(batch, reason) {
      await steadily(() => reader.quarantine(entriesOf.get(batch) ?? [], reason));
    },
    async close() {
      // The batch that is out can still be acknowledged, unless whoever has it gives up and closes again.
      if (isClosed || held === null) connection.close();
      isClosed = true;
    },
  };
}
