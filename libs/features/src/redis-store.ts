import { entityKey, type Found, type OnlineStore, type StoredRow, type StoredView } from './online-store.ts';
import { connectRedis, type RedisConnection } from './redis-store-connection.ts';
import {
  abandon,
  type Pointer,
  parsePointer,
  publish,
  redisKeys,
  type Staged,
  stage,
  sweep,
} from './redis-store-generations.ts';
import { refreshRows } from './redis-store-refresh.ts';

type Keys = Parameters<OnlineStore['get']>[0];

/** What a read may take before it rejects; a request's own deadline is shorter. */
const readTimeoutMs = 500;
const mostReads = 5;

function parseRow(text: string | null | undefined): StoredRow | null {
  if (text === null || text === undefined) return null;
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    content = null;
  }
  const { at, row: cells } = Array.isArray(content)
    ? { row: content }
    : ((content ?? {}) as { at?: unknown; row?: unknown });
  const isCell = (cell: unknown): cell is number | null => cell === null || typeof cell === 'number';
  if (Array.isArray(cells) && cells.length > 0 && cells.every(isCell) && ['number', 'undefined'].includes(typeof at)) {
    const row = { eventUs: cells[0] as number | null, values: cells.slice(1) };
    return at === undefined ? row : { ...row, atUs: at as number };
  }
  throw new Error('the online store holds a malformed row; materialize into an empty database');
}

/** Pointers by view; null: never materialized. */
type Pointers = Map<string, Pointer | null>;

/** Fields to read of each entity: the generations that `pointers` name. */
function fieldsByEntity(keys: Keys, pointers: Pointers): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const { view, entity } of keys) {
    const generation = pointers.get(view)?.generation;
    if (generation === undefined) continue;
    const key = entityKey(entity);
    fields.set(key, [...(fields.get(key) ?? []), generation]);
  }
  return fields;
}

/**
 * One round trip: the entities at the generations that `seen` names, and only then the pointers themselves. As long as these are still
 * the same, what was read before them was whole: a generation is removed only after it has lost its pointer. `found` is null otherwise.
 */
async function readOnce(connection: RedisConnection, keys: Keys, seen: Pointers) {
  const wanted = [...fieldsByEntity(keys, seen)];
  const views = [...seen.keys()];
  const [rows, current] = await connection.run(readTimeoutMs, (client) =>
    Promise.all([
      Promise.all(wanted.map(([key, fields]) => client.hmGet(redisKeys.entity(key), fields))),
      Promise.all(views.map((view) => client.get(redisKeys.pointer(view)))),
    ]),
  );
  const pointers: Pointers = new Map(views.map((view, i) => [view, parsePointer(current[i] ?? null)]));
  if (views.some((view) => pointers.get(view)?.text !== seen.get(view)?.text)) return { pointers, found: null };
  const texts = new Map(wanted.flatMap(([key, fields], i) => fields.map((f, j) => [`${f} ${key}`, rows[i]?.[j]])));
  const found = keys.map(({ view, entity }): Found => {
    const pointer = pointers.get(view) ?? null;
    if (pointer === null) return { atUs: null, row: null };
    return { atUs: pointer.atUs, row: parseRow(texts.get(`${pointer.generation} ${entityKey(entity)}`)) };
  });
  return { pointers, found };
}

function checkDistinct({ view, entities }: StoredView): void {
  if (new Set(entities.map(({ entity }) => entityKey(entity))).size === entities.length) return;
  throw new RangeError(
    `view ${view}: received an entity twice; allowed: each entity once; the key constraint is UNIQUE; store one row for each`,
  );
}

async function replaceViews(connection: RedisConnection, views: readonly StoredView[]): Promise<string[]> {
  views.forEach(checkDistinct);
  const staged: Staged[] = [];
  let written: string[];
  try {
    for (const view of views) await stage(connection, view, (begun) => staged.push(begun));
    written = await publish(connection, staged);
  } catch (error) {
    // What cannot be given up now is given up by its lease.
    await abandon(connection, staged).catch(() => {});
    throw error;
  }
  // What cannot be removed now is removed by the next writer.
  await sweep(connection).catch(() => {});
  return written;
}

/**
 * Opens the online store of many machines: a Redis or Valkey server, as `redis://` or `rediss://` with TLS. One hash per entity, and one
 * round trip for each read, a second after a materialization. A read rejects at once while the connection is down, which is tried again
 * in the background, after 500 ms without an answer, and for anything stored in another form. Throws InputError for a malformed URL and
 * where the server refuses the user or, unless `mayBeAway`, cannot be reached. Let the server evict nothing (`maxmemory-policy noeviction`): an entity that
 * is gone is an entity that is not known.
 */
export async function openRedisStore(url: string, mayBeAway = false): Promise<OnlineStore> {
  const connection = await connectRedis(url, mayBeAway);
  /** Pointers as last seen, which the next read begins with. A view is some 200 bytes, and a service has few. */
  const lastSeen: Pointers = new Map();
  return {
    async get(keys) {
      let seen: Pointers = new Map(keys.map(({ view }) => [view, lastSeen.get(view) ?? null]));
      for (let read = 0; read < mostReads; read++) {
        const { pointers, found } = await readOnce(connection, keys, seen);
        for (const [view, pointer] of pointers) lastSeen.set(view, pointer);
        if (found !== null) return found;
        seen = pointers;
      }
      throw new Error(`the online store changed during each of ${mostReads} reads`);
    },
    put: (views) => replaceViews(connection, views),
    refresh: (views) => refreshRows(connection, views),
    async materializedAt(view) {
      const pointer = await connection.run(readTimeoutMs, (client) => client.get(redisKeys.pointer(view)));
      return parsePointer(pointer)?.atUs ?? null;
    },
    close: connection.close,
  };
}
