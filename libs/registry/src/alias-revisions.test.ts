import { expect, test } from 'vitest';
import { getAlias, setAlias } from './alias-revisions.ts';
import { encodeJson } from './json-object.ts';
import type { ObjectStore } from './object-store.ts';

const model = 'flight-delay';

/**
 * A store in memory with versions 1 to 3 that lets two writers meet: each put waits until both have decided on what they read.
 * With `exclusive` false it overwrites, as a plain file write would.
 */
function createMeetingStore(exclusive: boolean): ObjectStore {
  const objects = new Map<string, Uint8Array>();
  for (const version of [1, 2, 3]) {
    const record = { schemaVersion: 1, model, version, digest: `sha256:${'0'.repeat(64)}` };
    objects.set(`models/${model}/versions/${version}.json`, encodeJson(record));
  }
  const { promise: met, resolve: meet } = Promise.withResolvers<void>();
  let waiting = 0;
  return {
    get: async (key) => objects.get(key) ?? null,
    list: async (folder) =>
      [...objects.keys()].filter((k) => k.startsWith(`${folder}/`)).map((k) => k.slice(folder.length + 1)),
    putIfAbsent: async (key, content) => {
      if (++waiting === 2) meet();
      await met;
      if (exclusive && objects.has(key)) return false;
      objects.set(key, content);
      return true;
    },
  };
}

async function winners(store: ObjectStore): Promise<number> {
  const moves = [2, 3].map((version) => setAlias(store, model, 'champion', version, null));
  return (await Promise.allSettled(moves)).filter((move) => move.status === 'fulfilled').length;
}

test('of two writers that read the same state one moves the alias and the other is told', async () => {
  const store = createMeetingStore(true);
  expect(await winners(store)).toBe(1);
  expect(await getAlias(store, model, 'champion')).toBe(2);
});

test('over a store that overwrites both would believe they moved it, and one update would be lost', async () => {
  expect(await winners(createMeetingStore(false))).toBe(2);
});
