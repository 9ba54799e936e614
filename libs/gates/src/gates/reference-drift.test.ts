import type { FeatureTable } from '@repo/training/feature-table';
import { profileOf } from '@repo/training/profile';
import { beforeAll, expect, test } from 'vitest';
import type { Evidence, Side } from '../evidence.ts';
import { outcomesOf } from '../fixtures/outcomes-of.ts';
import { answersOf, plantedEvidence } from '../fixtures/planted-evidence.ts';
import { referenceDrift } from './reference-drift.ts';

const ownProfile = "training rows against the candidate's profile";
const otherProfile = "training rows against the champion's profile";

let good: Evidence;
beforeAll(async () => {
  good = await plantedEvidence();
});

const notPassing = async (evidence: Evidence) => outcomesOf(await referenceDrift.run(evidence), 'pass');

const changed = (
  table: FeatureTable,
  feature: number,
  change: (value: number, row: number) => number,
): FeatureTable => ({
  ...table,
  matrix: {
    ...table.matrix,
    columns: table.matrix.columns.map((column, i) => (i === feature ? column.map(change) : column)),
  },
});
async function asked(table: FeatureTable, given = good): Promise<Evidence> {
  const candidate = { ...given.candidate, test: table, answers: await answersOf(given.candidate.scorer, table) };
  return { ...given, candidate, tables: { ...given.tables, test: table } };
}
const trainedOn = async (side: Side, table: FeatureTable): Promise<Side> => ({
  ...side,
  profile: profileOf(side.contract, table.matrix, await answersOf(side.scorer, table), [0.5]),
});

test('rows of the same world have not drifted, however few they are; the noise is taken off', async () => {
  for (const testDays of [3, 40]) {
    const checks = await referenceDrift.run(await plantedEvidence({ testDays }));
    expect(outcomesOf(checks, 'pass')).toEqual({});
    expect(Math.max(...checks.map(({ value }) => value ?? 0))).toBeLessThan(0.03);
  }
  expect(await notPassing(await plantedEvidence({ task: 'regression' }))).toEqual({});
});

test('a feature in another unit fails by its name, worst first after the answers', async () => {
  const checks = await referenceDrift.run(await asked(changed(good.tables.test, 4, (tick) => 1.8 * tick + 32)));
  expect(outcomesOf(checks, 'pass')).toEqual({ tick: 'fail' });
  expect(checks.slice(0, 2).map(({ name }) => name)).toEqual(['answers', 'tick']);
});

test('values that went missing and categories under other codes fail', async () => {
  const heat = changed(good.tables.test, 1, (value, row) => (row % 2 === 0 ? Number.NaN : value));
  expect(await notPassing(await asked(heat))).toMatchObject({ heat: 'fail' });
  const kinds = changed(good.tables.test, 2, (kind) => (kind + 1) % 3);
  expect(await notPassing(await asked(kinds))).toMatchObject({ kind: 'fail' });
});

test('categories are matched by name, so that another order of codes is no drift', async () => {
  const { candidate, tables } = good;
  const features = candidate.contract.features.map((feature) =>
    feature.name === 'team' ? { ...feature, categories: ['blue', 'red'] } : feature,
  );
  const swapped = (table: FeatureTable) => changed(table, 3, (team) => 1 - team);
  const side = { ...candidate, contract: { ...candidate.contract, features }, test: swapped(candidate.test) };
  const evidence = { ...good, candidate: side, tables: { ...tables, train: swapped(tables.train) } };
  expect(await notPassing(evidence)).toEqual({});
});

test('answers that drift fail, though every feature drifts within its limit', async () => {
  const { answers } = good.candidate;
  const candidate = { ...good.candidate, answers: answers.map((answer) => answer ** 1.7) };
  expect(await notPassing({ ...good, candidate })).toEqual({ answers: 'fail' });
});

test('a drift about as large as the limit cannot be told', async () => {
  const shifted = changed(good.tables.test, 4, (tick, row) => (Math.floor(row / 100) % 3 === 0 ? tick ** 4 : tick));
  expect(await notPassing(await asked(shifted))).toEqual({ tick: 'inconclusive' });
});

test('a candidate that learned from values which this checkout does not make fails by its profile', async () => {
  const skewed = await trainedOn(
    good.candidate,
    changed(good.tables.train, 4, (tick) => 1.8 * tick),
  );
  const checks = await referenceDrift.run({ ...good, candidate: skewed });
  expect(outcomesOf(checks, 'pass')).toEqual({ tick: 'fail', [ownProfile]: 'fail' });
  expect(checks.find(({ name }) => name === ownProfile)?.detail).toContain('Furthest off is tick.');
});

test('training rows in other units than the champion learned from fail, without a champion there is nothing to compare', async () => {
  const train = changed(good.tables.train, 4, (tick) => 1.8 * tick);
  const tables = { ...good.tables, train };
  const candidate = await trainedOn(good.candidate, train);
  expect(await notPassing({ ...good, tables, candidate })).toEqual({ tick: 'fail', [otherProfile]: 'fail' });
  expect(await notPassing({ ...good, champion: null })).toEqual({ [otherProfile]: 'not-applicable' });
});
