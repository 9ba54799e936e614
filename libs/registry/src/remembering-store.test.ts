import { expect, test } from 'vitest';
import { createFolder } from './fixtures/temporary-folder.ts';
import { createFolderStore } from './folder-store.ts';
import type { ObjectStore } from './object-store.ts';
import { createRememberingStore } from './remembering-store.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A store over a folder that can be taken away. */
function createState() {
  const far = createFolderStore(createFolder());
  let isAway = false;
  const reach = <T>(work: () => Promise<T>) => (isAway ? Promise.reject(new Error('away')) : work());
  const remote: ObjectStore = {
    get: (key) => reach(() => far.get(key)),
    putIfAbsent: (key, content) => reach(() => far.putIfAbsent(key, content)),
    list: (folder) => reach(() => far.list(folder)),
  };
  const store = createRememberingStore(remote, createFolderStore(createFolder()));
  return {
    store,
    leave: () => {
      isAway = true;
    },
  };
}

test('a record that was read once is read again while the store is away; one that was not, a blob and a listing are not', async () => {
  const { store, leave } = createState();
  for (const key of ['models/m/versions/1.json', 'models/m/versions/2.json', 'blobs/a'])
    await store.putIfAbsent(key, bytes(key));
  const record = await store.get('models/m/versions/1.json');
  await store.get('blobs/a');
  leave();
  expect(Buffer.from((await store.get('models/m/versions/1.json')) ?? [])).toEqual(Buffer.from(record ?? []));
  await expect(store.get('models/m/versions/2.json')).rejects.toThrow('away');
  await expect(store.get('blobs/a')).rejects.toThrow('away');
  await expect(store.list('models/m/versions')).rejects.toThrow('away');
});

test('that there is no record is not remembered', async () => {
  const { store } = createState();
  expect(await store.get('models/m/versions/1.json')).toBeNull();
  await store.putIfAbsent('models/m/versions/1.json', bytes('1'));
  expect(await store.get('models/m/versions/1.json')).not.toBeNull();
});
