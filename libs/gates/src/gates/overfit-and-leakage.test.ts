import { selectRows } from '@repo/training/training-matrix';
import { beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { outcomesOf } from '../fixtures/outcomes-of.ts';
import { plantedEvidence, spoilt } from '../fixtures/planted-evidence.ts';
import { overfitAndLeakage } from './overfit-and-leakage.ts';

const validated = 'skill on validation rows over skill on test rows';
const outOfFold = 'skill out of fold over skill on test rows';
const byHeart = 'skill on training rows over skill on test rows';
const repeated = 'test rows repeated from training';

let good: Evidence;
beforeAll(async () => {
  good = await plantedEvidence();
});

/** The evidence with other values of a feature in training and test rows, made from label and row number. */
function withFeature(feature: number, value: (label: number, row: number) => number, given = good): Evidence {
  const change = ({ matrix, ...table }: Evidence['tables']['test']) => {
    const columns = [...matrix.columns];
    columns[feature] = Float32Array.from(matrix.labels, value);
    return { ...table, matrix: { ...matrix, columns } };
  };
  const { train, validate, test: rows } = given.tables;
  return { ...given, tables: { train: change(train), validate, test: change(rows) } };
}
const notPassing = async (evidence: Evidence) => outcomesOf(await overfitAndLeakage.run(evidence), 'pass');
const withFacts = (facts: Record<string, string | number>): Evidence => ({
  ...good,
  candidate: { ...good.candidate, metrics: { ...good.candidate.metrics, trainer: facts } },
});

test('a model that keeps what it promises passes, and the strongest feature is named', async () => {
  expect(outcomesOf(await overfitAndLeakage.run(good))).toEqual({
    [validated]: 'pass',
    [byHeart]: 'pass',
    'load alone': 'pass',
    [repeated]: 'pass',
  });
  expect(await notPassing(await plantedEvidence({ task: 'regression' }))).toEqual({});
});

test('what the trainer says of rows out of fold is held against the test rows', async () => {
  const honest = withFacts({ calibration: 'none', outOfFoldLogLoss_none: 0.55, outOfFoldLogLoss_platt: 0.1 });
  expect(outcomesOf(await overfitAndLeakage.run(honest))).toMatchObject({ [outOfFold]: 'pass' });
  const promising = withFacts({ calibration: 'platt', outOfFoldLogLoss_none: 0.55, outOfFoldLogLoss_platt: 0.2 });
  expect(await notPassing(promising)).toEqual({ [outOfFold]: 'fail' });
  const hardly = withFacts({ calibration: 'none', outOfFoldLogLoss_none: 0.46 });
  expect(await notPassing(hardly)).toEqual({ [outOfFold]: 'inconclusive' });
});

test('a model that knew the validation rows fails', async () => {
  const known = new Map(good.tables.validate.matrix.labels.entries());
  const loads = good.tables.validate.matrix.columns[0] as Float32Array;
  const rowOf = new Map([...loads].map((load, row) => [load, row]));
  const candidate = await spoilt(good.candidate, good.tables, (answer, [load = 0]) => {
    const row = rowOf.get(load);
    return row === undefined ? answer : 0.05 + 0.9 * (known.get(row) as number);
  });
  expect(await notPassing({ ...good, candidate })).toEqual({ [validated]: 'fail' });
});

test('a model that learned its rows by heart fails', async () => {
  expect(await notPassing(await plantedEvidence({ candidate: 'by heart' }))).toMatchObject({ [byHeart]: 'fail' });
});

test('a feature that knows the label fails, however it tells: by its order, by a value between, by being missing, by its category', async () => {
  const leaks: [number, (label: number, row: number) => number][] = [
    [4, (label, row) => -label + (row % 7) / 100],
    [4, (label, row) => (label === 1 ? 0.5 : row % 2) + (row % 7) / 100],
    [4, (label, row) => (label === 1 ? Number.NaN : row % 7)],
    [2, (label, row) => (label === 1 ? 1 : 2 * (row % 2))],
  ];
  for (const [feature, leak] of leaks) {
    const found = await notPassing(withFeature(feature, leak));
    expect(found).toEqual({ [feature === 4 ? 'tick alone' : 'kind alone']: 'fail' });
  }
});

test('a feature that nearly knows it is a warning, of one that may know it on few days it cannot be told', async () => {
  const wrongOneIn = (n: number) => (label: number, row: number) =>
    (row % n === 0 ? 1 - label : label) + (row % 11) / 100;
  expect(await notPassing(withFeature(4, wrongOneIn(6)))).toEqual({});
  expect(await notPassing(withFeature(4, wrongOneIn(12)))).toEqual({ 'tick alone': 'warn' });
  const few = await plantedEvidence({ testDays: 4 });
  expect(await notPassing(withFeature(4, wrongOneIn(20), few))).toMatchObject({ 'tick alone': 'inconclusive' });
});

test('labels that lie in the order of the rows fail', async () => {
  const { matrix, ...table } = good.tables.test;
  const order = [...matrix.labels.keys()].sort((a, b) => (matrix.labels[a] as number) - (matrix.labels[b] as number));
  const sorted = { ...table, matrix: selectRows(matrix, order) };
  const answers = good.candidate.answers;
  const candidate = { ...good.candidate, answers: Float32Array.from(order, (row) => answers[row] as number) };
  const found = await notPassing({ ...good, candidate, tables: { ...good.tables, test: sorted } });
  expect(found).toEqual({ 'order of rows alone': 'fail' });
});

test('test rows repeated from training are counted by all their values and the label', async () => {
  const { train, test: table } = good.tables;
  const copies = (count: number, labels: (copied: Float32Array) => Float32Array): Evidence => {
    const copied = selectRows(
      train.matrix,
      Array.from({ length: table.matrix.rows }, (_, row) => row),
    );
    const mixed = (own: Float32Array, other?: Float32Array) =>
      own.map((x, row) => (row < count ? (other?.[row] as number) : x));
    const matrix = {
      ...table.matrix,
      columns: table.matrix.columns.map((column, i) => mixed(column, copied.columns[i])),
      labels: mixed(table.matrix.labels, labels(copied.labels)),
    };
    return { ...good, tables: { ...good.tables, test: { ...table, matrix } } };
  };
  const found = async (evidence: Evidence) =>
    (await overfitAndLeakage.run(evidence)).find(({ name }) => name === repeated);
  expect(await found(copies(201, (labels) => labels))).toMatchObject({ value: 201 / 4000, outcome: 'fail' });
  expect(await found(copies(200, (labels) => labels))).toMatchObject({ value: 0.05, outcome: 'pass' });
  expect(await found(copies(400, (labels) => labels.map((y) => 1 - y)))).toMatchObject({ value: 0 });
});
