import { baselines } from '@repo/training/baselines';
import { expect, test } from 'vitest';
import { outcomesOf } from '../fixtures/outcomes-of.ts';
import { plantedEvidence } from '../fixtures/planted-evidence.ts';
import { simpleBaseline } from './simple-baseline.ts';

const gain = 'gain over the linear model';
const skill = "skill over the linear model's";

test.each(['binary', 'regression'] as const)(
  'trees that know the rule are worth more than a line (%s)',
  async (task) => {
    const checks = await simpleBaseline.run(await plantedEvidence({ task }));
    expect(outcomesOf(checks)).toEqual({ [gain]: 'pass', [skill]: 'pass' });
    expect(checks[0]?.value).toBeGreaterThan(0.05);
  },
);

test.each(['binary', 'regression'] as const)('a linear model is worth no more than itself (%s)', async (task) => {
  const evidence = await plantedEvidence({ task });
  const answers = Float32Array.from(baselines(task, evidence.tables).linear);
  const checks = await simpleBaseline.run({ ...evidence, candidate: { ...evidence.candidate, answers } });
  expect(outcomesOf(checks)).toEqual({ [gain]: 'fail', [skill]: 'fail' });
  expect(Math.abs(checks[0]?.value as number)).toBeLessThan(1e-6);
});

test('a little better on few days cannot be told', async () => {
  const evidence = await plantedEvidence({ testDays: 4 });
  const { linear } = baselines('binary', evidence.tables);
  const answers = evidence.candidate.answers.map((answer, row) => 0.01 * answer + 0.99 * (linear[row] as number));
  const checks = await simpleBaseline.run({ ...evidence, candidate: { ...evidence.candidate, answers } });
  expect(checks[1]).toMatchObject({ name: skill, outcome: 'inconclusive', limit: { at: 0.1 } });
});

test('where the linear model knows less than nothing, the prior is to be beaten', async () => {
  const evidence = await plantedEvidence();
  const { test: table } = evidence.tables;
  const columns = table.matrix.columns.map((column, i) => (i === 1 ? column.map((heat) => 1 - heat) : column));
  const tables = { ...evidence.tables, test: { ...table, matrix: { ...table.matrix, columns } } };
  const checks = await simpleBaseline.run({ ...evidence, tables });
  expect(outcomesOf(checks)).toEqual({ 'gain over the prior': 'pass', [skill]: 'not-applicable' });
  expect(checks[1]?.limit).toEqual({ good: 'at least', at: 0.1 });
});
