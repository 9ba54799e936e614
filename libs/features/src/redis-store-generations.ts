import type { InstantUs } from '@repo/contract/instant';
import { entityKey, type StoredView } from './online-store.ts';
import type { RedisConnection } from './redis-store-connection.ts';

/**
 * Layout. An entity is a hash over all views, with a field for each generation: one materialization of one view, numbered. A view's
 * pointer `<moment> <generation>` says which generation is read. The keys of a generation's entities are listed in batches, so that it
 * can be removed. A writer holds a lease on what it has not yet published: a generation with no lease and no pointer is dead.
 */
export const redisKeys = {
  entity: (key: string) => `causeway:entity:${key}`,
  pointer: (view: string) => `causeway:view:${view}`,
  counter: 'causeway:generation',
  /** Hash of all generations that may have fields, with their views. */
  generations: 'causeway:generations',
  lease: (generation: string) => `causeway:lease:${generation}`,
  batches: (generation: string) => `causeway:batches:${generation}`,
  /** Sorted set of a view's entities that were refreshed since it was materialized, by the moment of their row. */
  refreshed: (view: string) => `causeway:refreshed:${view}`,
};

/** What a pointer says. */
export interface Pointer {
  text: string;
  atUs: InstantUs;
  generation: string;
}

/** A generation that is written and not yet published. */
export interface Staged {
  view: string;
  atUs: InstantUs;
  generation: string;
}

export const writeTimeoutMs = 30_000;
const entitiesPerBatch = 500;
/** A writer that dies leaves what it staged for this long; each batch renews it. */
const leaseMs = 600_000;
const dayMs = 86_400_000;
/** A view that nobody materializes any more vanishes after 90 days, its pointer a day before its values. */
const pointerExpiryMs = 90 * dayMs;
export const valueExpiryMs = 91 * dayMs;

/** Reads a pointer; null when the view was never materialized. Throws Error for anything else. */
export function parsePointer(text: string | null): Pointer | null {
  if (text === null) return null;
  const [, at, generation] = /^(-?\d{1,16}) (\d{1,16})$/.exec(text) ?? [];
  if (at !== undefined && generation !== undefined) return { text, atUs: Number(at), generation };
  throw new Error('the online store holds a malformed pointer of a view; materialize it into an empty database');
}

/** Writes a view's rows in bounded batches under a new generation, which nobody reads yet. `onBegin` is told before the first. */
export async function stage(
  connection: RedisConnection,
  { view, atUs, entities }: StoredView,
  onBegin: (staged: Staged) => void,
): Promise<void> {
  const generation = String(await connection.run(writeTimeoutMs, (client) => client.incr(redisKeys.counter)));
  onBegin({ view, atUs, generation });
  const lease = redisKeys.lease(generation);
  await connection.run(writeTimeoutMs, (client) =>
    Promise.all([
      client.set(lease, view, { expiration: { type: 'PX', value: leaseMs } }),
      client.hSet(redisKeys.generations, generation, view),
    ]),
  );
  for (let from = 0; from < entities.length; from += entitiesPerBatch) {
    const batch = entities.slice(from, from + entitiesPerBatch).map(({ entity, row }) => ({
      key: entityKey(entity),
      text: JSON.stringify([row.eventUs, ...row.values]),
    }));
    const list = redisKeys.batches(generation);
    await connection.run(writeTimeoutMs, (client) =>
      Promise.all([
        client.pExpire(lease, leaseMs),
        client.rPush(list, JSON.stringify(batch.map(({ key }) => key))),
        client.pExpire(list, valueExpiryMs),
        ...batch.flatMap(({ key, text }) => [
          client.hSet(redisKeys.entity(key), generation, text),
          client.pExpire(redisKeys.entity(key), valueExpiryMs),
        ]),
      ]),
    );
  }
}

/**
 * Everything is read, and may fail, before anything is written: a script that fails half-way is not undone. Rows that were refreshed for a later
 * moment than that of the new generation, while it was made, are carried over into it.
 */
const publishScript = `
local held = {}
local before = {}
local later = {}
for i = 1, #KEYS, 3 do
  if redis.call('EXISTS', KEYS[i + 1]) == 0 then return redis.error_reply('ERR the lease of a generation ran out') end
  local pointer = redis.call('GET', KEYS[i])
  held[i] = pointer and tonumber(string.match(pointer, '^(%-?%d+) ')) or -math.huge
  before[i] = pointer and string.match(pointer, ' (%d+)$')
  later[i] = redis.call('ZRANGEBYSCORE', KEYS[i + 2], '(' .. ARGV[i], '+inf')
end
local written = {}
for i = 1, #KEYS, 3 do
  local generation = ARGV[i + 1]
  if held[i] <= tonumber(ARGV[i]) then
    for _, entity in ipairs(later[i]) do
      local key = ARGV[#ARGV - 1] .. entity
      local row = before[i] and redis.call('HGET', key, before[i])
      if row and redis.call('HSET', key, generation, row) == 1 then
        redis.call('RPUSH', ARGV[i + 2], cjson.encode({ entity }))
      end
    end
    redis.call('ZREMRANGEBYSCORE', KEYS[i + 2], '-inf', ARGV[i])
    redis.call('SET', KEYS[i], ARGV[i] .. ' ' .. generation, 'PX', ARGV[#ARGV])
    written[#written + 1] = generation
  end
  redis.call('DEL', KEYS[i + 1])
end
return written`;

/** Lets all staged generations be read at once, except those of views that hold a later moment. Answers the views that were written. */
export async function publish(connection: RedisConnection, staged: readonly Staged[]): Promise<string[]> {
  if (staged.length === 0) return [];
  const written = await connection.run(writeTimeoutMs, (client) =>
    client.eval(publishScript, {
      keys: staged.flatMap(({ view, generation }) => [
        redisKeys.pointer(view),
        redisKeys.lease(generation),
        redisKeys.refreshed(view),
      ]),
      arguments: [
        ...staged.flatMap(({ atUs, generation }) => [String(atUs), generation, redisKeys.batches(generation)]),
        redisKeys.entity(''),
        String(pointerExpiryMs),
      ],
    }),
  );
  return staged.filter(({ generation }) => (written as string[]).includes(generation)).map(({ view }) => view);
}

/** Gives up staged generations; the next {@link sweep} removes them. */
export async function abandon(connection: RedisConnection, staged: readonly Staged[]): Promise<void> {
  const leases = staged.map(({ generation }) => redisKeys.lease(generation));
  if (leases.length > 0) await connection.run(writeTimeoutMs, (client) => client.del(leases));
}

async function remove(connection: RedisConnection, generation: string): Promise<void> {
  const list = redisKeys.batches(generation);
  for (;;) {
    const batch = await connection.run(writeTimeoutMs, (client) => client.lIndex(list, 0));
    if (batch === null) break;
    const keys = JSON.parse(batch) as string[];
    await connection.run(writeTimeoutMs, (client) =>
      Promise.all([...keys.map((key) => client.hDel(redisKeys.entity(key), generation)), client.lRem(list, 1, batch)]),
    );
  }
  await connection.run(writeTimeoutMs, (client) => client.hDel(redisKeys.generations, generation));
}

/** Removes every dead generation: replaced ones, refused ones, and those of writers that died. Any number of processes may. */
export async function sweep(connection: RedisConnection): Promise<void> {
  const generations = await connection.run(writeTimeoutMs, (client) => client.hGetAll(redisKeys.generations));
  for (const [generation, view] of Object.entries(generations)) {
    // The lease first: one that is published meanwhile has lost its lease only after it got its pointer.
    const [leased, pointer] = await connection.run(writeTimeoutMs, (client) =>
      Promise.all([client.exists(redisKeys.lease(generation)), client.get(redisKeys.pointer(view))]),
    );
    if (leased === 0 && parsePointer(pointer)?.generation !== generation) await remove(connection, generation);
  }
}
