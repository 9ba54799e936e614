import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCachedStore } from './cached-store.ts';
import { entityKey, type Found, type OnlineStore, type StoredView } from './online-store.ts';
import { openSqliteStore } from './sqlite-store.ts';

const view = (name: string, atUs: number, values: (number | null)[]): StoredView => ({
  view: name,
  atUs,
  entities: values.map((value, i) => ({ entity: [i], row: { eventUs: atUs, values: [value] } })),
});
const key = (name: string, i: number) => ({ view: name, entity: [i] });

/** A store that notes what it is asked, under a clock that is set by hand. */
function createWatched(store: OnlineStore = openSqliteStore(':memory:')) {
  const asked: string[] = [];
  const clock = { nowMs: 0 };
  const direct: OnlineStore = {
    ...store,
    get: (keys) => {
      asked.push(...keys.map(({ view, entity }) => `${view}${entityKey(entity)}`));
      return store.get(keys);
    },
  };
  return { asked, clock, store, cached: createCachedStore(direct, () => clock.nowMs) };
}

test('an answer is repeated for half a second, that an entity or a view is unknown too, and then asked for again', async () => {
  const { asked, clock, store, cached } = createWatched();
  await store.put([view('a', 10, [1])]);
  const keys = [key('a', 0), key('a', 9), key('b', 0)];
  const first = await cached.get(keys);
  expect(first).toEqual(await store.get(keys));
  clock.nowMs = 499;
  expect(await cached.get(keys)).toEqual(first);
  expect(asked).toHaveLength(3);
  clock.nowMs = 500;
  expect(await cached.get(keys)).toEqual(first);
  expect(asked).toHaveLength(6);
});

test('only what is not held is asked for, and what is being asked for is joined', async () => {
  const { asked, store, cached } = createWatched();
  await store.put([view('a', 10, [1, 2, 3])]);
  await cached.get([key('a', 0)]);
  const answers = await Promise.all([
    cached.get([key('a', 0), key('a', 1)]),
    cached.get([key('a', 1), key('a', 2), key('a', 1)]),
  ]);
  expect(answers.map((found) => found.map(({ row }) => row?.values[0]))).toEqual([
    [1, 2],
    [2, 3, 2],
  ]);
  expect(asked).toEqual(['a["0"]', 'a["1"]', 'a["2"]']);
});

test('a failure reaches everyone who waited for it and is not remembered', async () => {
  const store = openSqliteStore(':memory:');
  await store.put([view('a', 10, [1])]);
  let isDown = true;
  const { cached } = createWatched({
    ...store,
    get: (keys) => (isDown ? Promise.reject(new Error('down')) : store.get(keys)),
  });
  const both = await Promise.allSettled([cached.get([key('a', 0)]), cached.get([key('a', 0), key('a', 1)])]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isDown = false;
  expect((await cached.get([key('a', 0)]))[0]?.row?.values).toEqual([1]);
});

test('the first sign of a new materialization outdates what is held of the view: no answer mixes two', async () => {
  const { asked, store, cached } = createWatched();
  await store.put([view('a', 10, [1, 1])]);
  await cached.get([key('a', 0)]);
  await store.put([view('a', 20, [2, 2])]);
  expect((await cached.get([key('a', 0)]))[0]?.row?.values, 'within the second').toEqual([1]);
  const both = [key('a', 0), key('a', 1)];
  const two = [20, 20].map((atUs) => ({ atUs, row: { eventUs: 20, values: [2] } }));
  expect(await cached.get(both)).toEqual(two);
  expect(await cached.get(both)).toEqual(two);
  asked.length = 0;
  expect(await cached.get(both)).toEqual(two);
  expect(asked, 'and both are held again').toEqual([]);
});

test('what is written through it is read at once', async () => {
  const { cached } = createWatched();
  await cached.put([view('a', 10, [1])]);
  await cached.get([key('a', 0)]);
  await cached.put([view('a', 20, [2])]);
  expect((await cached.get([key('a', 0)]))[0]).toEqual({ atUs: 20, row: { eventUs: 20, values: [2] } });
  expect(await cached.materializedAt('a')).toBe(20);
});

test('the memory is bounded: 50,000 answers later the oldest is asked for again, the newest is not', async () => {
  const { asked, cached } = createWatched();
  await cached.get([key('a', -1)]);
  await cached.get(Array.from({ length: 50_000 }, (_, i) => key('a', i)));
  asked.length = 0;
  await cached.get([key('a', 49_999), key('a', -1)]);
  expect(asked).toEqual(['a["-1"]']);
});

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ wait: fc.integer({ min: 1, max: 700 }) }) },
  { weight: 3, arbitrary: fc.record({ put: fc.subarray(['a', 'b'], { minLength: 1 }), value: fc.nat(9) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      get: fc.array(fc.record({ view: fc.constantFrom('a', 'b'), entity: fc.tuple(fc.nat(3)) }), { minLength: 1 }),
    }),
  },
);

test('whatever happens, an answer is one that the store gave within the last half second, and of one materialization for each view', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { clock, store, cached } = createWatched();
      const all = ['a', 'b'].flatMap((name) => [0, 1, 2, 3].map((i) => key(name, i)));
      const label = ({ view, entity }: { view: string; entity: readonly (string | number)[] }) => `${view}${entity[0]}`;
      const history: { untilMs: number; answers: Map<string, Found> }[] = [];
      const note = async () => {
        const found = await store.get(all);
        const last = history.at(-1);
        if (last !== undefined) last.untilMs = clock.nowMs;
        history.push({
          untilMs: Number.POSITIVE_INFINITY,
          answers: new Map(all.map((k, i) => [label(k), found[i] as Found])),
        });
      };
      await note();
      let atUs = 0;
      for (const each of steps) {
        if ('wait' in each) clock.nowMs += each.wait;
        if ('put' in each) {
          atUs++;
          await store.put(each.put.map((name) => view(name, atUs, [each.value, atUs])));
          await note();
        }
        if (!('get' in each)) continue;
        const found = await cached.get(each.get);
        const recent = history.filter(({ untilMs }) => untilMs > clock.nowMs - 500);
        for (const name of ['a', 'b']) {
          const mine = each.get.flatMap((k, i) => (k.view === name ? [{ k, answer: found[i] }] : []));
          const matches = recent.some(({ answers }) =>
            mine.every(({ k, answer }) => JSON.stringify(answers.get(label(k))) === JSON.stringify(answer)),
          );
          expect(matches, `${name} at ${clock.nowMs} ms`).toBe(true);
        }
      }
      store.close();
    }),
    { numRuns: 300, seed: 42 },
  );
});
