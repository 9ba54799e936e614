import { createRandom } from '@repo/stats/random';
import { beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { outcomesOf } from '../fixtures/outcomes-of.ts';
import { plantedEvidence, type Spoil, spoilt } from '../fixtures/planted-evidence.ts';
import { plantedModel } from '../fixtures/planted-world.ts';
import { fairness } from './fairness.ts';

let good: Evidence;
beforeAll(async () => {
  good = await plantedEvidence();
});

const spoil = async (how: Spoil): Promise<Evidence> => ({
  ...good,
  candidate: await spoilt(good.candidate, good.tables, how),
});
const protecting = (feature: string) => ({ ...good, model: plantedModel('binary', { protected: [feature] }) });

test('teams that are decided about alike pass', async () => {
  expect(outcomesOf(await fairness.run(good))).toEqual({
    'team: parity': 'pass',
    'team: found positives': 'pass',
    'team: false alarms': 'pass',
  });
});

test('a model that is harder on one team fails by every measure', async () => {
  const checks = await fairness.run(await spoil((answer, [, , , team]) => (team === 1 ? answer : 0.6 * answer)));
  expect(outcomesOf(checks)).toEqual({
    'team: parity': 'fail',
    'team: found positives': 'fail',
    'team: false alarms': 'fail',
  });
  expect(checks[0]?.detail).toContain('red over that of blue');
});

test('kinds that do fail less often get fewer positive decisions', async () => {
  expect(outcomesOf(await fairness.run(protecting('kind')))).toMatchObject({ 'kind: parity': 'fail' });
});

test('of a group that is too small, and of few days, it cannot be told', async () => {
  const few = await plantedEvidence({ testDays: 10 });
  const model = plantedModel('binary', { protected: ['kind'] });
  const [first] = await fairness.run({ ...few, model });
  expect(first).toMatchObject({ name: 'kind: groups too small', outcome: 'inconclusive', value: 1 });
  expect(first?.detail).toContain('mill');
  expect(Object.values(outcomesOf(await fairness.run(await plantedEvidence({ testDays: 5 }))))).toContain(
    'inconclusive',
  );
});

test('of many groups drawn by lot the worst pair is no proof, a biased group among as many is one', async () => {
  const names = Array.from({ length: 14 }, (_, i) => `team ${i}`);
  const random = createRandom(40);
  const teams = Float32Array.from({ length: good.tables.test.matrix.rows }, () => random.integer(names.length));
  const replace = <T>(list: readonly T[], by: T) => list.map((one, i) => (i === 3 ? by : one));
  // Some 35 positives in each, as few as may be compared.
  const labels = good.tables.test.matrix.labels.map((label, row) => (row % 3 === 0 ? label : 0));
  const matrix = { ...good.tables.test.matrix, labels };
  const table = { ...good.tables.test, matrix: { ...matrix, columns: replace(matrix.columns, teams) } };
  const contract = { ...good.candidate.contract };
  contract.features = contract.features.map((one) => (one.name === 'team' ? { ...one, categories: names } : one));
  const answering = (answers: Float32Array) => ({
    ...good,
    tables: { ...good.tables, test: table },
    candidate: { ...good.candidate, contract, test: table, answers },
  });
  const checks = await fairness.run(answering(good.candidate.answers));
  const found = checks.find(({ name }) => name === 'team: found positives');
  // The interval alone would say fail.
  expect(found?.interval?.[0]).toBeGreaterThan(0.1);
  expect(found).toMatchObject({ outcome: 'inconclusive', detail: expect.stringContaining('by chance') });
  const biased = good.candidate.answers.map((answer, row) => (teams[row] === 0 ? 0.3 * answer : answer));
  expect(outcomesOf(await fairness.run(answering(biased)))).toMatchObject({
    'team: parity': 'fail',
    'team: found positives': 'fail',
  });
});

test('a model that never says yes is partial to nobody', async () => {
  const checks = await fairness.run(await spoil(() => 0.1));
  expect(outcomesOf(checks)).toEqual({
    'team: parity': 'not-applicable',
    'team: found positives': 'pass',
    'team: false alarms': 'pass',
  });
});

test('one group alone cannot be compared, and a protected feature that is not there fails', async () => {
  const { candidate, tables } = good;
  const columns = tables.test.matrix.columns.map((column, i) => (i === 3 ? column.map(() => 0) : column));
  const one = { ...good, tables: { ...tables, test: { ...tables.test, matrix: { ...tables.test.matrix, columns } } } };
  expect(outcomesOf(await fairness.run(one))).toEqual({
    'team: parity': 'not-applicable',
    'team: found positives': 'not-applicable',
    'team: false alarms': 'not-applicable',
  });
  const features = candidate.contract.features.filter(({ name }) => name !== 'team');
  const without = { ...good, candidate: { ...candidate, contract: { ...candidate.contract, features } } };
  expect(outcomesOf(await fairness.run(without))).toEqual({ team: 'fail' });
});

test('where nothing is protected, or nothing is decided, there is nothing to compare', async () => {
  const model = plantedModel('binary', { protected: [] });
  expect(outcomesOf(await fairness.run({ ...good, model }))).toEqual({ protected: 'not-applicable' });
  const numbers = await plantedEvidence({ task: 'regression', gates: { protected: ['team'] } });
  expect(outcomesOf(await fairness.run(numbers))).toEqual({ protected: 'not-applicable' });
});
