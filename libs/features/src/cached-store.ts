import { entityKey, type Found, type OnlineStore } from './online-store.ts';

/** How long an answer is repeated without asking again: what is written is seen at most this much later. An event is to be seen within 2 s. */
const ttlMs = 500;
/** Some 30 MB of answers at most. */
const maxEntries = 50_000;

interface Entry {
  readonly found: Found;
  readonly untilMs: number;
}

/**
 * Puts a short-lived local memory in front of a store on the network: an answer, also that an entity is unknown, is repeated for 0.5 s,
 * and a key that is being asked for is not asked for twice. Failures are not remembered. The first answer that shows another moment of
 * a view outdates what is held of it, so that no answer mixes two materializations of a view. `nowMs` is a clock that never goes back.
 */
export function createCachedStore(store: OnlineStore, nowMs: () => number = () => performance.now()): OnlineStore {
  const entries = new Map<string, Entry>();
  const moments = new Map<string, Found['atUs']>();
  const underWay = new Map<string, Promise<Found>>();

  const remember = (key: string, view: string, found: Found, askedMs: number): void => {
    moments.set(view, found.atUs);
    entries.delete(key);
    entries.set(key, { found, untilMs: askedMs + ttlMs });
    const [oldest] = entries.keys();
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
  };

  /** Asks the store for all of these at once; each can be joined by whoever wants it meanwhile. */
  const ask = (wanted: readonly (readonly [string, Parameters<OnlineStore['get']>[0][number]])[]): void => {
    const askedMs = nowMs();
    const answers = store.get(wanted.map(([, key]) => key));
    for (const [i, [id, { view }]] of wanted.entries()) {
      const answer = answers
        .then((found) => {
          remember(id, view, found[i] as Found, askedMs);
          return found[i] as Found;
        })
        .finally(() => underWay.delete(id));
      // Whoever waits for it sees the failure; nobody may be left waiting when another key has failed first.
      answer.catch(() => {});
      underWay.set(id, answer);
    }
  };

  const forgetting = async <T>(write: () => Promise<T>): Promise<T> => {
    try {
      return await write();
    } finally {
      entries.clear();
    }
  };

  return {
    async get(keys) {
      const ids = keys.map(({ view, entity }) => `${view} ${entityKey(entity)}`);
      const now = nowMs();
      const held = ids.map((id, i): Found | undefined => {
        const entry = entries.get(id);
        const isFresh =
          entry !== undefined && entry.untilMs > now && entry.found.atUs === moments.get(keys[i]?.view ?? '');
        return isFresh ? entry.found : undefined;
      });
      const missing = new Map(
        ids.flatMap((id, i) =>
          held[i] === undefined && !underWay.has(id) ? [[id, keys[i] as (typeof keys)[number]]] : [],
        ),
      );
      if (missing.size > 0) ask([...missing]);
      const found = await Promise.all(ids.map((id, i) => held[i] ?? (underWay.get(id) as Promise<Found>)));
      // A materialization came between: what was held is of the one before.
      const isWhole = found.every(({ atUs }, i) => atUs === moments.get((keys[i] as (typeof keys)[number]).view));
      return isWhole ? found : store.get(keys);
    },
    put: (views) => forgetting(() => store.put(views)),
    refresh: (views) => forgetting(() => store.refresh(views)),
    materializedAt: (view) => store.materializedAt(view),
    close: () => store.close(),
  };
}
