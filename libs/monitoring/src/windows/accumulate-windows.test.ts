import { type Database, openDatabase } from '@repo/datasets/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinWorld } from '../fixtures/join-world.ts';
import { type AskedOrder, dayUs, ordersProfile, simulateOrders, worldBeginsUs } from '../fixtures/orders-world.ts';
import { mergeWindows } from '../merge-windows.ts';
import { type Window, windowSchema } from '../window.ts';
import { accumulateWindows } from './accumulate-windows.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ threads: 1 });
});
afterAll(() => database.close());

const days = 4;
const endUs = worldBeginsUs + days * dayUs;

async function windowsOf(
  asked: readonly AskedOrder[],
  windowUs = dayUs,
  before: readonly Window[] = [],
): Promise<Window[]> {
  await joinWorld(database, asked, endUs + dayUs);
  const profile = ordersProfile;
  const options = {
    model: 'late-order',
    version: '1',
    task: 'binary',
    profile,
    windowUs,
    fromUs: worldBeginsUs,
    toUs: endUs,
  } as const;
  return accumulateWindows(database, 'log', options, before);
}

const merged = (windows: readonly Window[]): Window => windows.reduce(mergeWindows);
const world = simulateOrders({
  days,
  perDay: 100,
  change: (order, i) => ({
    ...order,
    shop: i % 50 === 7 ? `new-${i}` : order.shop,
    hour: i % 40 === 3 ? null : i % 40 === 4 ? 'noon' : order.hour,
    level: i % 20 === 5 ? 'compact' : 'champion',
  }),
});

test('a window holds what a plain loop over the answers counts', async () => {
  const all = merged(await windowsOf(world));
  const own = world.filter(({ level }) => level === 'champion');
  const binOf = (edges: readonly number[], value: number) => edges.filter((edge) => value > Math.fround(edge)).length;
  const countBins = (bins: number, of: number[]) =>
    Array.from({ length: bins }, (_, bin) => of.filter((one) => one === bin).length);
  const hours = world.flatMap(({ hour }) => (typeof hour === 'number' ? [binOf([5, 11, 17], hour)] : []));
  const answers = own.map(({ probability }) => binOf(ordersProfile.answers.edges, probability));
  expect(windowSchema.parse(all)).toEqual(all);
  expect(all).toMatchObject({
    rows: 400,
    levels: { champion: 380, compact: 20 },
    yes: world.filter(({ decision }) => decision).length,
    answers: countBins(5, answers),
    outliers: { judged: 400, found: 2 },
    features: {
      hour: { kind: 'number', counts: countBins(4, hours), missing: 10, other: 10, statuses: { missing: 10, ok: 390 } },
      shop: {
        other: 8,
        missing: 0,
        counts: ['east', 'north', 'south', 'west'].map((name) => world.filter(({ shop }) => shop === name).length),
      },
    },
    labels: {
      known: 380,
      positive: own.filter(({ late }) => late).length,
      falsePositive: own.filter(({ late, decision }) => decision && !late).length,
      falseNegative: own.filter(({ late, decision }) => !decision && late).length,
    },
  });
  const loss = own.reduce((sum, { late, probability }) => sum - Math.log(late ? probability : 1 - probability), 0);
  expect(all.labels.lossMillionths / 1e6).toBeCloseTo(loss, 3);
});

test('replicas, hours and days merge to what a single stream gives', async () => {
  const single = await windowsOf(world);
  expect(single).toHaveLength(days);
  expect(merged(await windowsOf(world, dayUs / 4))).toEqual(merged(single));
  const replicas = await Promise.all([]);
  for (const replica of [0, 1])
    replicas.push(...((await windowsOf(world.filter((_, i) => i % 2 === replica))) as never[]));
  const { outliers: _, ...together } = merged(replicas);
  const { outliers: __, ...once } = merged(single);
  expect(together).toEqual(once);
});

test('features of as many answers are taken from windows made before, those of more are counted anew, labels always', async () => {
  const all = await windowsOf(world);
  const { features } = all[0] as Window;
  const marked = { hour: { ...features.hour, missing: 99 } } as Window['features'];
  const none = { ...(all[0] as Window).labels, known: 0 };
  const before = all.map((window, day) => ({
    ...window,
    features: marked,
    labels: none,
    rows: window.rows - (day % 2),
  }));
  const again = await windowsOf(world, dayUs, before);
  expect(again).toEqual(all.map((window, day) => (day % 2 === 0 ? { ...window, features: marked } : window)));
});

test('as many answers of another log are not taken for these', async () => {
  const other = world.map((one) => ({ ...one, hour: 3, probability: 1 - one.probability }));
  expect(await windowsOf(other, dayUs, await windowsOf(world))).toEqual(await windowsOf(other));
});

test('an answer that is logged twice counts once', async () => {
  expect(await windowsOf([...world, ...world])).toEqual(await windowsOf(world));
});

test('a flood of new categories leaves the window as small as it was', async () => {
  const flood = simulateOrders({
    days,
    perDay: 500,
    change: (order, i) => ({ ...order, shop: `${'x'.repeat(200)}-${i}` }),
  });
  const { shop } = merged(await windowsOf(flood)).features;
  expect(shop).toMatchObject({ kind: 'category', other: 2000, counts: [0, 0, 0, 0] });
  expect(JSON.stringify(shop).length).toBeLessThan(10_000);
});

test('without a profile there are no bins, and without answers no windows', async () => {
  await joinWorld(database, world, endUs + dayUs);
  const common = { model: 'late-order', task: 'binary', windowUs: dayUs, fromUs: worldBeginsUs, toUs: endUs } as const;
  const bare = await accumulateWindows(database, 'log', { ...common, version: '1', profile: null });
  expect(merged(bare)).toMatchObject({
    rows: 400,
    features: {},
    answers: [],
    labels: { known: 380, knownByAnswer: [] },
  });
  expect(await accumulateWindows(database, 'log', { ...common, version: '9', profile: ordersProfile })).toEqual([]);
});
