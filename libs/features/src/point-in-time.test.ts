import type { PredictionRequest } from '@repo/contract/prediction-request';
import { type Database, openDatabase } from '@repo/datasets/database';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookUp } from './look-up.ts';
import { materialize } from './materialize.ts';
import { type Cell, naiveJoin } from './naive-join.ts';
import {
  type Ask,
  beginUs,
  joinSample,
  loadSample,
  minuteUs,
  plainAsk,
  plainReading,
  type Reading,
  sampleContract,
  sampleJoin,
  sampleViews,
} from './sample-history.ts';
import { openSqliteStore } from './sqlite-store.ts';

const minute = fc.integer({ min: 0, max: 40 });
const site = fc.constantFrom('a', 'b', null);
const unit = fc.constantFrom(1, 2, null);
const x = fc.option(
  fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.integer({ min: -4000, max: 4000 }).map((n) => n / 1000),
    fc.constantFrom(0.0000005, -0.0000005, 1.1, 1e9),
  ),
);

/** A few coarse values, so that ties, duplicates and exact boundaries are common; known times before and after the event. */
const reading: fc.Arbitrary<Reading> = fc.record({
  site,
  unit,
  event: fc.option(minute, { freq: 15 }),
  known: fc.option(minute, { freq: 15 }),
  x,
  on: fc.option(fc.boolean()),
  since: fc.option(minute),
});

/** Random histories for property tests. */
const anyHistory: fc.Arbitrary<Reading[]> = fc.array(reading, { maxLength: 60, size: 'max' });
/** Random rows to predict. */
const anyAsks: fc.Arbitrary<Ask[]> = fc.array(fc.record({ site, unit, at: minute }), {
  minLength: 1,
  maxLength: 30,
  size: 'max',
});

/** A row that never counts, but says that the data begins at minute 0. */
const emptyRow: Reading = { site: null, unit: null, event: null, known: null, x: null, on: null, since: null };

let db: Database;
beforeAll(async () => {
  db = await openDatabase();
});
afterAll(() => db.close());

const lookedUp = sampleViews.filter(({ spec }) => spec.kind !== 'request').map(({ spec }) => spec);
const names = lookedUp.flatMap((spec) => Object.keys(spec.features));
const only = (cells: Record<string, Cell>): Record<string, Cell | undefined> =>
  Object.fromEntries(names.map((name) => [name, cells[name]]));
const naive = (history: readonly Reading[], asks: readonly Ask[]) =>
  asks.map((ask): Record<string, Cell> => {
    const cells = lookedUp.map((spec) =>
      naiveJoin(spec, history.map(plainReading), plainAsk(ask), beginUs + ask.at * minuteUs),
    );
    return Object.assign({}, ...cells);
  });

test('the join equals the naive one on random histories with ties, late rows, nulls and duplicates, in blocks of any size', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, anyAsks, fc.constantFrom(8, 40), async (history, asks, blockRows) => {
      expect((await joinSample(db, history, asks, { blockRows })).map(only)).toEqual(naive(history, asks));
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('nothing that happens or becomes known after the cut-off changes a feature', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyHistory,
      anyHistory,
      anyAsks,
      fc.integer({ min: 0, max: 40 }),
      async (history, other, asks, at) => {
        const now = asks.map((ask) => ({ ...ask, at }));
        const past = history.filter(
          ({ event, known }) => event !== null && known !== null && event <= at && known <= at,
        );
        const future = other.map((row, i) => (i % 2 === 0 ? { ...row, known: at + 1 } : { ...row, event: at + 1 }));
        expect(await joinSample(db, [...future, ...history.toReversed()], now)).toEqual(
          await joinSample(db, past, now),
        );
      },
    ),
    { numRuns: 20 },
  );
}, 60_000);

test('online equals offline: what the store answers after a materialization is the join at that moment', async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, anyAsks, fc.integer({ min: 0, max: 40 }), async (history, asks, at) => {
      const earlier = asks.map((ask) => ({ ...ask, at: Math.min(ask.at, at) }));
      const now = await joinSample(
        db,
        history,
        asks.map((ask) => ({ ...ask, at })),
      );
      const own = await joinSample(db, history, earlier);
      const store = openSqliteStore(':memory:');
      const begins = { ...emptyRow, event: 0, known: 0 };
      await loadSample(db, [...history, begins], earlier);
      await materialize(db, { ...sampleJoin, atUs: beginUs + at * minuteUs, store });
      for (const [i, ask] of earlier.entries()) {
        const { features } = await lookUp(sampleContract, plainAsk(ask) as PredictionRequest, store);
        const expected = { ...own[i], ...only(now[i] as Record<string, Cell>) };
        expect(Object.fromEntries(features.map(({ name, value, status }) => [name, [value, status]]))).toEqual(
          expected,
        );
      }
      store.close();
    }),
    { numRuns: 25 },
  );
}, 60_000);
