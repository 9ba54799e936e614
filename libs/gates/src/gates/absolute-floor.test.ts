import { beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { outcomesOf } from '../fixtures/outcomes-of.ts';
import { plantedEvidence } from '../fixtures/planted-evidence.ts';
import { plantedModel } from '../fixtures/planted-world.ts';
import { absoluteFloor } from './absolute-floor.ts';

let good: Evidence;
beforeAll(async () => {
  good = await plantedEvidence();
});

type Gates = Parameters<typeof plantedModel>[1];
const outcomes = async (gates: Gates, given = good) =>
  outcomesOf(await absoluteFloor.run({ ...given, model: plantedModel(given.model.task, gates) }));
const answering = (answer: (label: number, row: number) => number): Evidence => ({
  ...good,
  candidate: { ...good.candidate, answers: good.tables.test.matrix.labels.map(answer) },
});

test('a floor that all of the interval reaches passes, one above it fails, one inside it cannot be told', async () => {
  const [found] = await absoluteFloor.run({ ...good, model: plantedModel('binary', { floor: { auc: 0.7 } }) });
  expect(found).toMatchObject({ name: 'auc', outcome: 'pass', limit: { good: 'at least', at: 0.7 } });
  expect((await outcomes({ floor: { auc: 0.95 } })).auc).toBe('fail');
  expect((await outcomes({ floor: { auc: found?.value as number } })).auc).toBe('inconclusive');
});

test('of a loss less is better', async () => {
  const floor = { logLoss: 0.6, brier: 0.25, ece: 0.05, prAuc: 0.6 };
  expect(await outcomes({ floor })).toMatchObject({ logLoss: 'pass', brier: 'pass', ece: 'pass', prAuc: 'pass' });
  expect(await outcomes({ floor: { logLoss: 0.4 } })).toMatchObject({ logLoss: 'fail' });
});

test('answers that nearly know the label are too good to be true, unless the definition knows better', async () => {
  const knowing = answering((label, row) => ((label === 1) === (row % 100 !== 0) ? 0.99 : 0.01));
  expect(await outcomes({}, knowing)).toMatchObject({ 'auc, too good to be true': 'fail' });
  const allowed = await outcomes({ suspicious: { auc: 0.9999, logLoss: 0.0001 } }, knowing);
  expect(Object.values(allowed)).toEqual(['pass', 'pass', 'pass']);
  expect(await outcomes({ suspicious: { logLoss: 0.2 } }, knowing)).toMatchObject({
    'logLoss, too good to be true': 'fail',
    'auc, too good to be true': 'fail',
  });
});

test('the prior itself, and what is worse, has no skill', async () => {
  const { labels } = good.tables.train.matrix;
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  expect(
    await outcomes(
      {},
      answering(() => mean),
    ),
  ).toMatchObject({ 'skill over the prior': 'fail' });
  expect(
    await outcomes(
      {},
      answering(() => 0.9),
    ),
  ).toMatchObject({ 'skill over the prior': 'fail' });
});

test('of a few days of a model that knows next to nothing it cannot be told', async () => {
  const few = await plantedEvidence({ testDays: 3 });
  const { labels } = few.tables.test.matrix;
  const mean = few.tables.train.matrix.labels.reduce((sum, label) => sum + label, 0) / 6000;
  const answers = labels.map((_, row) => mean + 0.01 * Math.sin(row));
  const checks = await outcomes({}, { ...few, candidate: { ...few.candidate, answers } });
  expect(checks['skill over the prior']).toBe('inconclusive');
});

test('a regression has floors and suspicions of its own', async () => {
  const numbers = await plantedEvidence({ task: 'regression' });
  expect(await outcomes({ floor: { mae: 0.7, rmse: 0.9, r2: 0.7 } }, numbers)).toEqual({
    mae: 'pass',
    rmse: 'pass',
    r2: 'pass',
    'skill over the prior': 'pass',
    'r2, too good to be true': 'pass',
  });
  expect(await outcomes({ floor: { mae: 0.4, rmse: 0.5, r2: 0.9 } }, numbers)).toMatchObject({
    mae: 'fail',
    rmse: 'fail',
    r2: 'fail',
  });
  const { labels } = numbers.tables.test.matrix;
  const knowing = {
    ...numbers,
    candidate: { ...numbers.candidate, answers: labels.map((y, i) => y + 0.001 * (i % 7)) },
  };
  expect(await outcomes({}, knowing)).toMatchObject({ 'r2, too good to be true': 'fail' });
});
