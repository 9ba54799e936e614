import { type Database, openDatabase } from '@repo/datasets/database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { joinWorld } from '../fixtures/join-world.ts';
import {
  type AskedOrder,
  dayUs,
  observationsOf,
  openOrdersLog,
  ordersModel,
  simulateOrders,
  worldBeginsUs,
} from '../fixtures/orders-world.ts';
import { joinLabels } from './join-labels.ts';
import { openAnswers } from './open-answers.ts';
import { openLabels } from './open-labels.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ threads: 1 });
});
afterAll(() => database.close());

const hourUs = 3_600e6;
const world = simulateOrders({ days: 60, perDay: 12 });
const endUs = worldBeginsUs + 60 * dayUs;
const byId = new Map(world.map((order) => [order.id, order]));

const outcomes = async () =>
  (await database.rows('SELECT id, label, observations, matured, ambiguous FROM outcomes ORDER BY id')).map((row) => ({
    id: String(row.id),
    label: row.label === null ? null : Number(row.label),
    observations: Number(row.observations),
    matured: row.matured === true,
    ambiguous: row.ambiguous === true,
  }));

test('once labels had their time every one is joined, and the metrics are those of the truth', async () => {
  const { delayUs, from } = await joinWorld(database, world, endUs + 2 * dayUs);
  const found = await outcomes();
  expect(found).toHaveLength(world.length);
  expect(found.every(({ id, label }) => label === Number(byId.get(id)?.late))).toBe(true);
  // The 95 % quantile of a delay of 1 + 9 u³ hours.
  expect({ from, hours: delayUs / hourUs }).toEqual({ from: 'observed', hours: expect.closeTo(1 + 9 * 0.95 ** 3, 0) });
});

test.each([3, 17.37, 41.9])(
  'on day %d no label is there that was observed later, and every other one is',
  async (days) => {
    const atUs = worldBeginsUs + days * dayUs;
    await joinWorld(database, world, atUs);
    for (const { id, label } of await outcomes()) {
      const { late, observedUs, atUs: answeredUs } = byId.get(id) as (typeof world)[number];
      expect(answeredUs).toBeLessThan(atUs);
      expect(label).toBe(observedUs <= atUs ? Number(late) : null);
    }
  },
);

describe('labels come as they like', () => {
  const late = endUs + dayUs;

  test('twice, a thousand times and out of order: the join is the same', async () => {
    await joinWorld(database, world, late);
    const plain = await outcomes();
    const plentiful = [...observationsOf(world), ...observationsOf(world)].reverse();
    const [storm] = observationsOf(world);
    await joinWorld(database, world, late, [...plentiful, ...Array.from({ length: 1000 }, () => storm as never)]);
    expect(await outcomes()).toEqual(plain);
  });

  test('a late correction wins wherever it stands, is counted, and holds only from when it was observed', async () => {
    const [first, second] = observationsOf(world) as [never, never] as {
      id: string;
      late: boolean;
      observedUs: number;
    }[];
    const corrected = { ...(first as { id: string; late: boolean }), late: !first?.late, observedUs: late - hourUs };
    const rest = observationsOf(world).slice(1);
    const labelAt = async (atUs: number) => {
      await joinWorld(database, world, atUs, [corrected, ...rest, first as never]);
      return (await outcomes()).find(({ id }) => id === first?.id);
    };
    expect(await labelAt(late)).toMatchObject({ label: Number(corrected.late), observations: 2 });
    expect(await labelAt(late - 2 * hourUs)).toMatchObject({ label: Number(first?.late), observations: 1 });
    // A label can also be taken back.
    await joinWorld(database, world, late, [
      ...rest,
      first as never,
      { ...(second as never as typeof corrected), late: null, observedUs: late },
    ]);
    expect((await outcomes()).find(({ id }) => id === second?.id)).toMatchObject({ label: null, observations: 2 });
  });

  test('two at one moment that contradict each other are ambiguous, and no label', async () => {
    const [first] = observationsOf(world) as [ReturnType<typeof observationsOf>[number]];
    await joinWorld(database, world, late, [first, { ...first, late: !first.late }]);
    expect((await outcomes()).find(({ id }) => id === first.id)).toMatchObject({ label: null, ambiguous: true });
  });

  test('never: nothing is known, and maturity is what the definition says', async () => {
    expect(await joinWorld(database, world, late, [{ id: 'of nobody', late: true, observedUs: 0 }])).toEqual({
      delayUs: 12 * hourUs,
      from: 'definition',
    });
    expect((await outcomes()).some(({ label }) => label !== null)).toBe(false);
  });
});

test('without a request id the columns of the request tell the event, and two events with the same are ambiguous', async () => {
  await database.run('DROP VIEW outcomes');
  await database.run('DROP TABLE joined');
  const few = world.slice(0, 50);
  await openAnswers(database, { model: ordersModel, relation: await openOrdersLog(database, few) });
  const iso = (us: number) => `TIMESTAMPTZ '${new Date(us / 1000).toISOString()}'`;
  const values = few.map(
    (one, i) => `('o-${i}', '${one.shop}', ${iso(one.atUs)}, ${iso(one.observedUs)}, ${one.late})`,
  );
  const twin = values[0]?.replace('o-0', 'o-twin');
  await database.run(`CREATE TABLE events AS SELECT * FROM (VALUES ${[...values, twin].join(', ')})
    e(order_id, shop, ordered_at, delivered_at, late)`);
  const options = { model: ordersModel, atUs: endUs };
  const by = await openLabels(database, { ...options, columns: [], relation: 'events', path: 'events' });
  await joinLabels(database, { ...options, by });
  const found = await outcomes();
  expect(by).toBe('key');
  expect(found.filter(({ ambiguous }) => ambiguous).map(({ id }) => id)).toEqual(['r-0']);
  expect(found.filter(({ label }) => label !== null)).toHaveLength(49);
});

describe('callers who send one request id for ever', () => {
  const atUs = endUs + dayUs;
  const fixed = world.slice(0, 200).map((one) => ({ ...one, id: 'always-the-same' }));
  const textOf = (us: number) => new Date(us / 1000).toISOString();
  const label = (one: (typeof world)[number], id = one.id) => ({
    request_id: id,
    shop: one.shop,
    ordered_at: textOf(one.atUs),
    late: one.late,
    observed_at: textOf(one.observedUs),
  });

  /** Labels with these columns, joined to answers that may be logged several times. */
  async function joined(logged: readonly AskedOrder[], labels: readonly Partial<ReturnType<typeof label>>[]) {
    await database.run('DROP VIEW IF EXISTS outcomes');
    await database.run('DROP TABLE IF EXISTS joined');
    await openAnswers(database, { model: ordersModel, relation: await openOrdersLog(database, logged) });
    const columns = Object.keys(labels[0] ?? {}).map((name) => `'$.${name}'`);
    const names = Object.keys(labels[0] ?? {}).map((name, i) => `v[${i + 1}] AS ${name}`);
    await database.run(
      `CREATE OR REPLACE TABLE told AS SELECT ${names.join(', ')} FROM (
        SELECT json_extract_string(one, [${columns.join(', ')}]) AS v FROM (SELECT unnest(from_json($1, '["JSON"]')) AS one))`,
      [JSON.stringify(labels)],
    );
    const options = { model: ordersModel, atUs };
    const by = await openLabels(database, { ...options, columns: [], relation: 'told', path: 'told' });
    await joinLabels(database, { ...options, by });
    const rows = await database.rows('SELECT at_us, label, ambiguous FROM outcomes ORDER BY at_us');
    return rows.map((row) => ({ atUs: Number(row.at_us), label: row.label, isAmbiguous: row.ambiguous }));
  }
  const truth = fixed
    .toSorted((a, b) => a.atUs - b.atUs)
    .map((one) => ({ atUs: Math.floor(one.atUs / 1000) * 1000, label: Number(one.late), isAmbiguous: false }));

  test('hide no answer: each has the label of its own event, and one that is logged twice counts once', async () => {
    const labels = fixed.map((one) => label(one));
    expect(await joined([...fixed, ...fixed], labels)).toEqual(truth);
    const withoutId = labels.map(({ request_id: _, ...rest }) => rest);
    expect(await joined(fixed, withoutId)).toEqual(truth);
  });

  test('get no label from a file that names the request id alone, as it tells of none of them', async () => {
    const labels = fixed.slice(0, 1).map(({ id, late }) => ({ request_id: id, late: late }));
    expect(await joined(fixed, labels)).toEqual(truth.map((one) => ({ ...one, label: null, isAmbiguous: true })));
  });

  test('and those who ask the same thing twice under two ids have two labels', async () => {
    const [one] = world as [AskedOrder];
    const again = { ...one, id: 'another', atUs: one.atUs + hourUs, orderedUs: one.atUs };
    expect(await joined([one, again], [label(one), { ...label(one, 'another'), late: !one.late }])).toMatchObject([
      { label: Number(one.late) },
      { label: Number(!one.late) },
    ]);
  });
});

test('labels that say the same again later are no corrections, and neither they nor corrections put maturity off', async () => {
  const observations = observationsOf(world);
  const plain = await joinWorld(database, world, endUs + 9 * dayUs, observations);
  const later = observations.map((one) => ({ ...one, observedUs: one.observedUs + 5 * dayUs }));
  const corrected = later.map((one, i) => (i % 4 === 0 ? { ...one, late: !one.late } : one));
  expect(await joinWorld(database, world, endUs + 9 * dayUs, [...observations, ...corrected])).toEqual(plain);
  const found = await outcomes();
  expect(found.filter((one) => one.observations > 1)).toHaveLength(world.length / 4);
  const last = new Map(corrected.map(({ id, late }) => [id, Number(late)]));
  expect(found.every(({ id, label }) => label === last.get(id))).toBe(true);
});

test.each([
  [
    'no column that tells the event',
    'SELECT true AS late',
    /received no column shop, ordered_at; allowed: request_id or shop, ordered_at; and late/,
  ],
  ['labels that are no numbers', "SELECT 'x' AS request_id, 'perhaps' AS late", /received "perhaps" in column late/],
  [
    'a label that is neither yes nor no',
    "SELECT 'x' AS request_id, 2 AS late",
    /received "2" in column late; allowed: 0, 1/,
  ],
])('%s is refused', async (_, sql, message) => {
  const options = { model: ordersModel, columns: [], relation: `(${sql})`, path: '--labels x', atUs: 0 };
  await expect(openLabels(database, options)).rejects.toThrow(message);
});
