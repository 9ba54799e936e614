import type { RedisConnection } from './redis-store-connection.ts';
import type { EventFields } from './stream-event.ts';

/** An entry of a stream. */
export interface Entry {
  readonly id: string;
  readonly fields: EventFields;
}

export interface StreamGroupOptions {
  stream: string;
  group: string;
  consumer: string;
  takeOverAfterMs: number;
  onNote: (note: string) => void;
}

/** An entry that says which event it brings. */
export interface Named {
  readonly id: string;
  readonly eventId: string;
}

/** The event that an entry brings; none for one that does not say. */
export const namedBy = ({ id, fields }: Entry): Named[] =>
  fields.id === undefined ? [] : [{ id, eventId: fields.id }];

/** Ids of entries whose event another entry brought: that one is in the table, or nobody can say yet, as it may still be kept out. */
interface Doubles {
  readonly settled: readonly string[];
  readonly open: readonly string[];
}

/** One consumer of a group. */
export interface StreamGroup {
  /** Joins the group, made at the beginning of the stream where it is absent, so that nothing sent before is lost. */
  join(): Promise<void>;
  /** Entries that this consumer was given before and has not acknowledged, then those of consumers that are gone, then new ones; waits a second. */
  read(count: number): Promise<Entry[]>;
  /** New entries; waits at most so long. */
  readNew(count: number, waitMs: number): Promise<Entry[]>;
  /** Lets go of entries, and of the event ids of those whose rows are nowhere: they may come again. */
  acknowledge(ids: readonly string[], unkept?: readonly Named[]): Promise<void>;
  /** Moves entries to `<stream>:quarantine` with the reason, all at once. */
  quarantine(entries: readonly Entry[], reason: string): Promise<void>;
  /** Of entries with an event id, those whose event another entry brought before. */
  doubles(named: readonly Named[]): Promise<Doubles>;
}

const answerMs = 10_000;
const idleMs = 1000;
/** How long a producer may take to send an event again and have it known for the same. */
const rememberS = 7 * 86_400;
/** Of what is put aside the newest are kept. */
const mostQuarantined = 100_000;

/** What the client answers: a message that was trimmed while it was pending is null or has no fields. */
type Message = { id: string; message: Record<string, string> | null } | null;

/** One consumer of a group of a stream; it must `join` first. */
export function createStreamGroup(connection: RedisConnection, options: StreamGroupOptions): StreamGroup {
  const { stream, group, consumer, takeOverAfterMs, onNote } = options;
  /** Where reading of what this consumer already has goes on; null when that is done. */
  let own: string | null = '0';
  let claimedMs = Number.NEGATIVE_INFINITY;

  const keyOf = ({ eventId }: Named) => `causeway:event:${JSON.stringify([stream, group, eventId])}`;

  const acknowledge = async (ids: readonly string[], unkept: readonly Named[] = []): Promise<void> => {
    if (ids.length === 0) return;
    await connection.run(answerMs, async (client) => {
      const owners = unkept.length === 0 ? [] : await client.mGet(unkept.map(keyOf));
      const keys = unkept.filter(({ id }, i) => owners[i] === id).map(keyOf);
      const all = client.multi();
      if (keys.length > 0) all.del(keys);
      return all.xAck(stream, group, [...ids]).exec();
    });
  };

  /** Entries with content; what is gone from the stream can only be let go, loudly. */
  const present = async (messages: readonly Message[], lost: readonly string[] = []): Promise<Entry[]> => {
    const gone = [...lost, ...messages.flatMap((one) => (one !== null && one.message === null ? [one.id] : []))];
    if (gone.length > 0) {
      onNote(`${gone.length} events were trimmed from ${stream} before they were read: ${gone[0]} to ${gone.at(-1)}`);
      await acknowledge(gone);
    }
    return messages.flatMap((one) => (one?.message ? [{ id: one.id, fields: { ...one.message } }] : []));
  };

  const readFrom = async (id: string, count: number, waitMs: number): Promise<Message[]> => {
    const block = waitMs > 0 ? { BLOCK: waitMs } : {};
    const answer = await connection.run(answerMs + waitMs, (client) =>
      client.xReadGroup(group, consumer, { key: stream, id }, { COUNT: count, ...block }),
    );
    const streams = answer as { messages: Message[] }[] | null;
    return streams?.[0]?.messages ?? [];
  };

  const readNew = async (count: number, waitMs: number) => present(await readFrom('>', count, waitMs));

  const claim = async (count: number): Promise<Entry[]> => {
    // Not with every read: it walks all that is pending.
    if (performance.now() - claimedMs < Math.min(takeOverAfterMs, 5000)) return [];
    claimedMs = performance.now();
    const { messages, deletedMessages } = await connection.run(answerMs, (client) =>
      client.xAutoClaim(stream, group, consumer, takeOverAfterMs, '0', { COUNT: count }),
    );
    const claimed = await present(messages as Message[], (deletedMessages as string[] | undefined) ?? []);
    if (claimed.length > 0) onNote(`took over ${claimed.length} events that another consumer left`);
    return claimed;
  };

  return {
    async join() {
      own = '0';
      try {
        await connection.run(answerMs, (client) => client.xGroupCreate(stream, group, '0', { MKSTREAM: true }));
      } catch (error) {
        if (!(error as Error).message.startsWith('BUSYGROUP')) throw error;
      }
    },
    async read(count) {
      if (own !== null) {
        const messages = await readFrom(own, count, 0);
        own = messages.at(-1)?.id ?? null;
        if (messages.length > 0) return present(messages);
      }
      const claimed = await claim(count);
      return claimed.length > 0 ? claimed : readNew(count, idleMs);
    },
    readNew,
    acknowledge,
    async quarantine(entries, reason) {
      if (entries.length === 0) return;
      onNote(`${entries.length} events are in ${stream}:quarantine: ${reason}`);
      await connection.run(answerMs, (client) => {
        const all = client.multi();
        for (const { id, fields } of entries) {
          const kept = { entry: id, group, reason, fields: JSON.stringify(fields) };
          const limit = { strategy: 'MAXLEN', strategyModifier: '~', threshold: mostQuarantined } as const;
          all.xAdd(`${stream}:quarantine`, '*', kept, { TRIM: limit });
        }
        return all.exec();
      });
      // Only then: what Redis refuses in the middle of a transaction undoes nothing of the rest.
      await acknowledge(
        entries.map(({ id }) => id),
        entries.flatMap(namedBy),
      );
    },
    async doubles(named) {
      if (named.length === 0) return { settled: [], open: [] };
      const keys = named.map(keyOf);
      // The first entry to come keeps the key, also when it comes again after a crash.
      const owners = await connection.run(answerMs, async (client) => {
        const [, found] = await Promise.all([
          Promise.all(
            keys.map((key, i) =>
              client.set(key, named[i]?.id ?? '', { condition: 'NX', expiration: { type: 'EX', value: rememberS } }),
            ),
          ),
          client.mGet(keys),
        ]);
        return found;
      });
      const others = named
        .map((one, i) => ({ id: one.id, key: keyOf(one), owner: owners[i] }))
        .filter(({ id, owner }) => owner !== id);
      if (others.length === 0) return { settled: [], open: [] };
      const isOpen = await connection.run(answerMs, (client) =>
        Promise.all(
          others.map(
            async ({ owner }) => owner && (await client.xPendingRange(stream, group, owner, owner, 1)).length > 0,
          ),
        ),
      );
      // Asked last: whoever keeps an event out lets go of its key and its entry at once, and may have done so since we asked whose it is.
      const now = await connection.run(answerMs, (client) => client.mGet(others.map(({ key }) => key)));
      const isSettled = others.map(({ owner }, i) => owner !== null && !isOpen[i] && now[i] === owner);
      const those = (settled: boolean) => others.filter((_, i) => isSettled[i] === settled).map(({ id }) => id);
      return { settled: those(true), open: those(false) };
    },
  };
}
