import type { FeatureTable } from '@repo/training/feature-table';
import { beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { outcomesOf } from '../fixtures/outcomes-of.ts';
import { plantedEvidence } from '../fixtures/planted-evidence.ts';
import { dataPreconditions } from './data-preconditions.ts';

let good: Evidence;
beforeAll(async () => {
  good = await plantedEvidence();
});

const notPassing = async (evidence: Evidence) => outcomesOf(await dataPreconditions.run(evidence), 'pass');

/** The evidence with another test split, which both sides were asked. */
function withTest(change: Partial<FeatureTable>): Evidence {
  const table = { ...good.tables.test, ...change };
  const { candidate, champion, tables } = good;
  return {
    ...good,
    tables: { ...tables, test: table },
    candidate: { ...candidate, test: table },
    champion: champion && { ...champion, test: table },
  };
}
const withLabels = (label: (row: number) => number) =>
  withTest({
    matrix: { ...good.tables.test.matrix, labels: good.tables.test.matrix.labels.map((_, row) => label(row)) },
  });

test('enough later rows that nobody learned from pass, of a regression too', async () => {
  expect(await notPassing(good)).toEqual({});
  expect(await notPassing({ ...good, champion: null })).toEqual({});
  expect(await notPassing(await plantedEvidence({ task: 'regression' }))).toEqual({});
});

test('of too few rows, days, or rows of the rarer class, it cannot be told yet', async () => {
  expect(await notPassing(await plantedEvidence({ testDays: 9 }))).toEqual({
    'test rows': 'inconclusive',
    'days of test rows': 'inconclusive',
  });
  expect(await notPassing(await plantedEvidence({ testDays: 13 }))).toEqual({ 'days of test rows': 'inconclusive' });
  expect(await notPassing(await plantedEvidence({ testDays: 14 }))).toEqual({});
  expect(await notPassing(withLabels((row) => Number(row < 99)))).toEqual({
    'test rows of the rarer class': 'inconclusive',
  });
  const mostly1 = await dataPreconditions.run(withLabels((row) => Number(row >= 50)));
  expect(mostly1.find(({ name }) => name.includes('rarer'))).toMatchObject({ value: 50, outcome: 'inconclusive' });
});

test('an evaluation set that is the training set is refused', async () => {
  const { train } = good.tables;
  const answers = new Float32Array(train.rowIds.length).fill(0.5);
  const side = { ...good.candidate, test: train, answers };
  const evidence = { ...good, candidate: side, champion: side, tables: { ...good.tables, test: train } };
  expect(await notPassing(evidence)).toEqual({
    'test rows that the model learned from': 'fail',
    'test rows after validation rows': 'fail',
  });
});

test('one row that stands in training or validation, or twice, is refused', async () => {
  const { test: table, train, validate } = good.tables;
  for (const id of [train.rowIds[5], validate.rowIds[5]] as string[]) {
    const checks = await dataPreconditions.run(withTest({ rowIds: table.rowIds.with(0, id) }));
    expect(outcomesOf(checks, 'pass')).toEqual({ 'test rows that the model learned from': 'fail' });
    expect(checks.find(({ outcome }) => outcome === 'fail')).toMatchObject({ value: 1, unit: 'rows' });
  }
  const twice = withTest({ rowIds: table.rowIds.with(0, table.rowIds[1] as string) });
  expect(await notPassing(twice)).toEqual({ 'test rows that stand there twice': 'fail' });
});

test('a split that begins before the one ahead of it ends is refused', async () => {
  const early = withTest({ timesUs: good.tables.test.timesUs.with(0, good.tables.validate.timesUs.at(-1) as number) });
  expect(await notPassing(early)).toEqual({ 'test rows after validation rows': 'fail' });
  const validate = { ...good.tables.validate, timesUs: good.tables.validate.timesUs.with(3, 0) };
  expect(await notPassing({ ...good, tables: { ...good.tables, validate } })).toEqual({
    'validation rows after training rows': 'fail',
  });
});

test('labels that the task does not know, or that are all alike, are refused', async () => {
  expect(await notPassing(withLabels((row) => (row === 7 ? 2 : row % 2)))).toEqual({ 'labels out of range': 'fail' });
  expect(await notPassing(withLabels(() => 1))).toEqual({
    'test rows of the rarer class': 'inconclusive',
    'different labels': 'fail',
  });
});

test('a candidate from other training rows, a side that was asked other rows, and rows without a digest are refused', async () => {
  const { candidate, champion } = good;
  const profile = { ...candidate.profile, rows: candidate.profile.rows + 4000 };
  expect(await notPassing({ ...good, candidate: { ...candidate, profile } })).toEqual({ 'training rows': 'fail' });
  const rowIds = candidate.test.rowIds.toReversed();
  const other = champion && { ...champion, test: { ...champion.test, rowIds } };
  expect(await notPassing({ ...good, champion: other })).toEqual({ 'rows of the champion': 'fail' });
  const short = { ...candidate, answers: candidate.answers.subarray(1) };
  expect(await notPassing({ ...good, candidate: short })).toEqual({ 'rows of the candidate': 'fail' });
  expect(await notPassing({ ...good, evaluationDigest: 'latest' })).toEqual({ 'evaluation digest': 'fail' });
});

test('a champion of a retrain that learned from the test rows is refused; one that learned from no later day than the candidate is not', async () => {
  const { champion } = good;
  const learnedUntil = (day: string): Evidence => {
    const window = {
      train: ['2020-01-01', '2020-03-01'],
      validate: ['2020-03-01', day],
      test: [day, '2020-05-30'],
    } as const;
    const lineage = champion && {
      ...champion.lineage,
      window: structuredClone(window) as unknown as NonNullable<typeof champion.lineage.window>,
    };
    return { ...good, champion: champion && lineage && { ...champion, lineage } };
  };
  const late = learnedUntil('2020-03-31');
  expect(await notPassing(late)).toEqual({ 'test rows that the champion learned from': 'fail' });
  const checks = await dataPreconditions.run(late);
  expect(checks.find(({ outcome }) => outcome === 'fail')).toMatchObject({ value: 1000, unit: 'rows' });
  expect(await notPassing(learnedUntil('2020-03-21'))).toEqual({});
});
