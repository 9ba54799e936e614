import type { ObjectStore } from './object-store.ts';

/**
 * Puts a memory on this machine before a store on the network: a record of a version or of an alias' history is read there once and kept,
 * since it never changes. Blobs are not kept, which have their verified copies. What is newest is asked of the store every time.
 */
export function createRememberingStore(store: ObjectStore, memory: ObjectStore): ObjectStore {
  return {
    async get(key) {
      if (!key.startsWith('models/')) return store.get(key);
      const kept = await memory.get(key);
      if (kept !== null) return kept;
      const content = await store.get(key);
      if (content !== null) await memory.putIfAbsent(key, content);
      return content;
    },
    putIfAbsent: (key, content) => store.putIfAbsent(key, content),
    list: (folder) => store.list(folder),
  };
}
