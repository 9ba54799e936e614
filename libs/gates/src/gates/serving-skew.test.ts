import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServedRow } from '../evidence.ts';
import { redChecks } from '../fixtures/red-checks.ts';
import { createSmallEvidence, type SmallEvidence } from '../fixtures/small-evidence.ts';
import { servingSkew } from './serving-skew.ts';

let small: SmallEvidence;
beforeAll(async () => {
  small = await createSmallEvidence();
}, 60_000);
afterAll(() => small.remove());

/** Evidence whose service sees rows changed on the way. */
const servedAs = (change: (row: Float32Array, at: number) => ServedRow) =>
  small.open({
    served: async (ids) => {
      const rows = await small.options.served(ids);
      return rows.map((row, at) => (row === null ? null : change(row, at)));
    },
  });

test('rows that are served as they were trained on pass', async () => {
  const checks = await servingSkew.run(await small.open());
  expect(checks.map(({ name, outcome, value }) => [name, outcome, value])).toEqual([
    ['golden rows', 'pass', 0],
    ['test rows', 'pass', 0],
  ]);
});

test('test rows of the same moment as a golden one are asked for too, once each', async () => {
  const { tables, served } = small.options;
  const asked: string[][] = [];
  const timesUs = tables.test.timesUs.map((time) => time - (time % 86_400e6));
  const evidence = await small.open({
    tables: { ...tables, test: { ...tables.test, timesUs } },
    served: (ids) => {
      asked.push([...ids]);
      return served(ids);
    },
  });
  expect(redChecks(await servingSkew.run(evidence))).toEqual([]);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toHaveLength(50 + 500);
  expect(new Set(asked[0]).size).toBe(550);
});

test.each<[string, (row: Float32Array, at: number) => ServedRow]>([
  ['another value', (row, at) => (at === 7 ? row.with(0, (row[0] as number) * 1.001) : row)],
  ['a value where there was none', (row) => row.map((value) => (Number.isNaN(value) ? 0 : value))],
  ['no value where there was one', (row) => row.with(3, Number.NaN)],
  ['a row that it refuses', (row, at) => (at === 3 ? null : row)],
])('a service that sees %s fails both ways', async (_, change) => {
  expect(redChecks(await servingSkew.run(await servedAs(change)))).toEqual(['golden rows', 'test rows']);
});

test('a model trained on another transform fails by its golden rows, and the feature is named', async () => {
  const evidence = await small.openWith({
    'golden.json': (golden) => {
      for (const row of golden.features) row[0] = row[0] * 100;
    },
  });
  const checks = await servingSkew.run(evidence);
  expect(redChecks(checks)).toEqual(['golden rows']);
  expect(checks[0]).toMatchObject({ value: 1, detail: expect.stringContaining('load (50)') });
});

test('a bundle whose golden rows name no event, or an event that is no test row, cannot be compared', async () => {
  const nameless = await small.openWith({
    'golden.json': (golden) => {
      golden.rowIds = [];
    },
  });
  expect(redChecks(await servingSkew.run(nameless))).toEqual(['golden rows']);
  const stranger = await small.openWith({
    'golden.json': (golden) => {
      golden.rowIds[4] = 'elsewhere';
    },
  });
  expect(redChecks(await servingSkew.run(stranger))).toEqual(['golden rows']);
});
