import { beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { outcomesOf } from '../fixtures/outcomes-of.ts';
import { plantedEvidence } from '../fixtures/planted-evidence.ts';
import { plantedModel } from '../fixtures/planted-world.ts';
import { champion } from './champion.ts';

let good: Evidence;
let worse: Evidence;
beforeAll(async () => {
  good = await plantedEvidence();
  worse = await plantedEvidence({ candidate: 'from few rows' });
});

test('the champion itself differs from itself by exactly nothing', async () => {
  const checks = await champion.run({ ...good, champion: { ...good.candidate, version: 1 } });
  expect(checks.map(({ outcome, value, interval }) => [outcome, value, interval])).toEqual([
    ['pass', 0, [0, 0]],
    ['pass', 0, [0, 0]],
    ['pass', 0, null],
  ]);
});

test('the same model trained again passes, of a regression too', async () => {
  expect(outcomesOf(await champion.run(good))).toEqual({
    'gain in logLoss': 'pass',
    'gain in auc, a second opinion': 'pass',
    'decisions that change': 'pass',
  });
  const checks = await champion.run(await plantedEvidence({ task: 'regression' }));
  expect(outcomesOf(checks)).toEqual({ 'gain in mae': 'pass', 'gain in rmse, a second opinion': 'pass' });
});

test('a model that knows more is called better, by each metric that may be primary', async () => {
  const better = await plantedEvidence({ champion: 'from few rows' });
  for (const primary of ['logLoss', 'auc', 'prAuc', 'brier'] as const) {
    const [first] = await champion.run({ ...better, model: plantedModel('binary', { primary }) });
    expect(first).toMatchObject({ name: `gain in ${primary}`, outcome: 'pass' });
    expect(first?.detail).toMatch(/^Better than the champion\./);
    expect(first?.interval?.[0]).toBeGreaterThan(0);
  }
});

test('a model that knows less fails beyond the margin, and is a warning within it', async () => {
  const [first, second, flips] = await champion.run(worse);
  expect([first?.outcome, second?.outcome, flips?.outcome]).toEqual(['fail', 'warn', 'warn']);
  expect(first).toMatchObject({ limit: { good: 'at least', at: -0.005 } });
  expect(second?.detail).toContain("DeLong's test");
  const [within] = await champion.run({ ...worse, model: plantedModel('binary', { margin: 0.03 }) });
  expect(within?.outcome).toBe('warn');
});

test('on few days it cannot be told whether it is worse by more than the margin', async () => {
  const few = await plantedEvidence({ candidate: 'from few rows', testDays: 4 });
  expect((await champion.run(few))[0]?.outcome).toBe('inconclusive');
});

test('the margin of a regression is a hundredth of what the champion errs', async () => {
  const numbers = await plantedEvidence({ task: 'regression', candidate: 'without heat' });
  const [first] = await champion.run(numbers);
  expect(first?.outcome).toBe('fail');
  expect(first?.limit?.at).toBeCloseTo(-0.0058, 4);
});

test('without a champion there is nothing to compare', async () => {
  expect(outcomesOf(await champion.run({ ...good, champion: null }))).toEqual({ champion: 'not-applicable' });
});
