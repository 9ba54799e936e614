import type { OnlineStore, StoredView } from '@repo/features/online-store';
import { expect, test } from 'vitest';

const view = (name: string, atUs: number, values: (number | null)[]): StoredView => ({
  view: name,
  atUs,
  entities: values.map((value, i) => ({ entity: ['e', i], row: { eventUs: atUs - 1, values: [value] } })),
});

/** What every kind of online store must do. `open` opens one more connection to the same empty store at each call within a test. */
export function testOnlineStore(kind: string, open: () => Promise<OnlineStore>): void {
  test(`${kind}: one read answers entities of several views in the order of the keys`, async () => {
    const store = await open();
    await store.put([view('a@1', 10, [0.1, null]), view('b@1', 20, [3])]);
    const keys = [
      { view: 'b@1', entity: ['e', 0] },
      { view: 'a@1', entity: ['e', '1'] },
      { view: 'a@1', entity: ['e', 9] },
      { view: 'c@1', entity: ['e', 0] },
      { view: 'a@1', entity: ['e', 0] },
      { view: 'a@1', entity: [] },
    ];
    for (const _ of ['first', 'again']) {
      expect(await store.get(keys)).toEqual([
        { atUs: 20, row: { eventUs: 19, values: [3] } },
        { atUs: 10, row: { eventUs: 9, values: [null] } },
        { atUs: 10, row: null },
        { atUs: null, row: null },
        { atUs: 10, row: { eventUs: 9, values: [0.1] } },
        { atUs: 10, row: null },
      ]);
    }
    expect(await store.get([])).toEqual([]);
    expect(await store.materializedAt('a@1')).toBe(10);
    expect(await store.materializedAt('c@1')).toBeNull();
    store.close();
  });

  test(`${kind}: an earlier moment never overwrites a later one, and a later one leaves nothing of the earlier behind`, async () => {
    const store = await open();
    const keys = [0, 1].map((i) => ({ view: 'a@1', entity: ['e', i] }));
    const values = async () => (await store.get(keys)).map(({ row }) => row?.values[0]);
    expect(await store.put([view('a@1', 20, [1, 2])])).toEqual(['a@1']);
    expect(await store.put([view('a@1', 10, [7, 8]), view('b@1', 10, [9])])).toEqual(['b@1']);
    expect(await values()).toEqual([1, 2]);
    expect(await store.put([view('a@1', 30, [5])])).toEqual(['a@1']);
    expect(await values()).toEqual([5, undefined]);
    expect(await store.put([view('a@1', 30, [6, 7])]), 'the same moment is written again').toEqual(['a@1']);
    expect(await values()).toEqual([6, 7]);
    expect(await store.put([view('a@1', 40, [])])).toEqual(['a@1']);
    expect(await store.get(keys)).toEqual(Array(2).fill({ atUs: 40, row: null }));
    store.close();
  });

  test(`${kind}: a put that fails leaves every view as it was`, async () => {
    const store = await open();
    await store.put([view('a@1', 10, [1])]);
    const twice = view('b@1', 20, [2]);
    const broken = { ...twice, entities: [...twice.entities, ...twice.entities] };
    await expect(store.put([view('a@1', 20, [2]), broken])).rejects.toThrow(/UNIQUE/);
    expect(await store.get([{ view: 'a@1', entity: ['e', 0] }])).toEqual([
      { atUs: 10, row: { eventUs: 9, values: [1] } },
    ]);
    expect(await store.materializedAt('b@1')).toBeNull();
    store.close();
  });

  test(`${kind}: any text is an entity, and numbers come back to the last bit`, async () => {
    const store = await open();
    const names = ['', ' ', '"', 'ä', '日本', 'a b', '["x"]', '\n', '1'];
    const numbers = [0.1, -0.5, 1e-300, 1.7976931348623157e308, Number.MAX_SAFE_INTEGER, 5e-324, 0, -1, 1 / 3];
    const entities = names.map((name, i) => ({
      entity: [name],
      row: { eventUs: null, values: [numbers[i] as number] },
    }));
    await store.put([{ view: 'a b@1#sha256:0', atUs: -5, entities }]);
    const found = await store.get(names.map((name) => ({ view: 'a b@1#sha256:0', entity: [name] })));
    expect(found).toEqual(numbers.map((number) => ({ atUs: -5, row: { eventUs: null, values: [number] } })));
    store.close();
  });

  test(`${kind}: of writers that race for a view the latest moment stays, whole`, async () => {
    const stores = await Promise.all([open(), open(), open()]);
    const moments = [13, 11, 18, 12, 17, 15, 14, 16];
    const puts = moments.map((atUs, i) =>
      (stores[i % 3] as OnlineStore).put([view('a@1', atUs, Array(40).fill(atUs))]),
    );
    const written = await Promise.all(puts);
    expect(written[moments.indexOf(18)]).toEqual(['a@1']);
    const keys = Array.from({ length: 40 }, (_, i) => ({ view: 'a@1', entity: ['e', i] }));
    for (const store of stores) {
      expect(await store.get(keys)).toEqual(Array(40).fill({ atUs: 18, row: { eventUs: 17, values: [18] } }));
      store.close();
    }
  });

  test(`${kind}: refreshed rows have a moment of their own, the others stay as they are`, async () => {
    const store = await open();
    const keys = [0, 1, 2].map((i) => ({ view: 'a@1', entity: ['e', i] }));
    const row = (i: number, atUs: number, value: number): StoredView => ({
      view: 'a@1',
      atUs,
      entities: [{ entity: ['e', i], row: { eventUs: null, values: [value] } }],
    });
    expect(await store.refresh([row(0, 10, 1)]), 'a view that was never materialized').toBe(0);
    await store.put([view('a@1', 10, [1, 2])]);
    expect(await store.refresh([row(1, 20, 7), row(2, 20, 8)])).toBe(2);
    const refreshed = [
      { atUs: 10, row: { eventUs: 9, values: [1] } },
      { atUs: 10, row: { eventUs: null, values: [7], atUs: 20 } },
      { atUs: 10, row: { eventUs: null, values: [8], atUs: 20 } },
    ];
    expect(await store.get(keys)).toEqual(refreshed);
    expect(await store.refresh([row(1, 19, 5), row(0, 9, 5)]), 'later moments are held').toBe(0);
    expect(await store.refresh([row(1, 20, 7)]), 'the same again').toBe(1);
    expect(await store.get(keys)).toEqual(refreshed);
    expect(await store.materializedAt('a@1')).toBe(10);
    store.close();
  });

  test(`${kind}: a materialization that began before a row was refreshed leaves that row`, async () => {
    const store = await open();
    const keys = [0, 1, 2].map((i) => ({ view: 'a@1', entity: ['e', i] }));
    await store.put([view('a@1', 10, [1, 2])]);
    const entities = [1, 2].map((i) => ({ entity: ['e', i], row: { eventUs: 15, values: [7] } }));
    await store.refresh([{ view: 'a@1', atUs: 20, entities }]);
    expect(await store.put([view('a@1', 15, [3, 3])])).toEqual(['a@1']);
    expect(await store.get(keys)).toEqual([
      { atUs: 15, row: { eventUs: 14, values: [3] } },
      ...[1, 2].map(() => ({ atUs: 15, row: { eventUs: 15, values: [7], atUs: 20 } })),
    ]);
    expect(await store.put([view('a@1', 20, [4, 4])])).toEqual(['a@1']);
    expect((await store.get(keys)).map((found) => found.row?.values[0])).toEqual([4, 4, undefined]);
    store.close();
  });

  test(`${kind}: a reader beside a writer sees whole materializations of all views only, each no older than the one before`, async () => {
    const [writer, reader] = [await open(), await open()];
    const keys = ['a@1', 'b@1'].flatMap((name) =>
      Array.from({ length: 30 }, (_, i) => ({ view: name, entity: ['e', i] })),
    );
    const both = (atUs: number) => ['a@1', 'b@1'].map((name) => view(name, atUs, Array(30).fill(atUs)));
    await writer.put(both(1));
    let isWriting = true;
    const writing = (async () => {
      for (let atUs = 2; atUs <= 40; atUs++) {
        await writer.put(both(atUs));
        // A store of this process would otherwise leave the reader no turn.
        await new Promise((resolve) => setImmediate(resolve));
      }
      isWriting = false;
    })();
    const seen: number[] = [];
    while (isWriting) {
      const found = await reader.get(keys);
      const states = new Set(found.map(({ atUs, row }) => `${atUs} ${row?.values[0]}`));
      expect([...states]).toEqual([`${found[0]?.atUs} ${found[0]?.atUs}`]);
      seen.push(found[0]?.atUs as number);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(new Set(seen).size).toBeGreaterThan(1);
    for (const store of [writer, reader]) store.close();
  });
}
