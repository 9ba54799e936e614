import { entityKey, type StoredView } from './online-store.ts';
import type { RedisConnection } from './redis-store-connection.ts';
import { type Pointer, parsePointer, redisKeys, valueExpiryMs, writeTimeoutMs } from './redis-store-generations.ts';

const rowsPerCall = 500;
/** A materialization of the view may come in between, but not as often as this. */
const mostTries = 5;

/**
 * Writes rows into the generation that is read, each with its moment. KEYS: the pointer, the list of the generation's entities, the refreshed
 * ones, the entities. ARGV: the pointer as it was seen, the moment, the generation, the expiry; then key and row of each entity. Answers how
 * many were written, or false where another generation is read by now.
 */
const refreshScript = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return false end
local at = tonumber(ARGV[2])
local written = 0
local added = {}
for i = 4, #KEYS do
  local name = ARGV[5 + 2 * (i - 4)]
  local held = redis.call('HGET', KEYS[i], ARGV[3])
  local heldAt = held and tonumber(string.match(held, '^{"at":(%-?%d+),'))
  if not heldAt or heldAt <= at then
    if redis.call('HSET', KEYS[i], ARGV[3], ARGV[6 + 2 * (i - 4)]) == 1 then added[#added + 1] = name end
    redis.call('PEXPIRE', KEYS[i], ARGV[4])
    redis.call('ZADD', KEYS[3], ARGV[2], name)
    written = written + 1
  end
end
if #added > 0 then redis.call('RPUSH', KEYS[2], cjson.encode(added)) end
redis.call('PEXPIRE', KEYS[3], ARGV[4])
return written`;

async function refreshSome(
  connection: RedisConnection,
  { view, atUs }: StoredView,
  pointer: Pointer,
  entities: StoredView['entities'],
): Promise<number | null> {
  const rows = entities.map(({ entity, row }) => ({
    key: entityKey(entity),
    text: JSON.stringify({ at: atUs, row: [row.eventUs, ...row.values] }),
  }));
  const { generation, text } = pointer;
  const written = await connection.run(writeTimeoutMs, (client) =>
    client.eval(refreshScript, {
      keys: [
        redisKeys.pointer(view),
        redisKeys.batches(generation),
        redisKeys.refreshed(view),
        ...rows.map(({ key }) => redisKeys.entity(key)),
      ],
      arguments: [text, String(atUs), generation, String(valueExpiryMs), ...rows.flatMap((row) => [row.key, row.text])],
    }),
  );
  return written as number | null;
}

/** `refresh` of an online store, on Redis: at most 500 rows at once, each call of them whole or not at all. Repeating it changes nothing. */
export async function refreshRows(connection: RedisConnection, views: readonly StoredView[]): Promise<number> {
  let written = 0;
  for (const stored of views) {
    for (let from = 0; from < stored.entities.length; from += rowsPerCall) {
      const entities = stored.entities.slice(from, from + rowsPerCall);
      let done: number | null = null;
      for (let tries = 0; done === null; tries++) {
        if (tries === mostTries)
          throw new Error(`the view ${stored.view} was materialized during each of ${mostTries} refreshes`);
        const text = await connection.run(writeTimeoutMs, (client) => client.get(redisKeys.pointer(stored.view)));
        const pointer = parsePointer(text);
        done =
          pointer === null || pointer.atUs > stored.atUs ? 0 : await refreshSome(connection, stored, pointer, entities);
      }
      written += done;
    }
  }
  return written;
}
