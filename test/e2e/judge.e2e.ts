// budget: 300 s
import { readFileSync } from 'node:fs';
import { healthyArm, shiftedScores, slowedLatency } from '@repo/experiments/fixtures/arm-truth';
import { naiveJudge } from '@repo/experiments/fixtures/naive-judge';
import { type Scenario, type SimulatedJudge, simulateCanary } from '@repo/experiments/fixtures/simulate-canary';
import { judgeCanary } from '@repo/experiments/judge-canary';
import { createRandom } from '@repo/stats/random';
import { beforeAll, expect, test } from 'vitest';
import model from '../../models/flight-delay/model.ts';
import { powerChart } from './judge/power-chart.ts';
import { foundWithin, type Measured, powerTable, requestsUntil } from './judge/power-table.ts';
import { scenarioOf, worsened } from './judge/worsened.ts';

const pairs = 2000;
const runs = 100;
const { margins } = model.release;

/** The judge with the policy of flight-delay, which is that of every model that says no more than its steps. */
const judge: SimulatedJudge = (evidence) => judgeCanary(model, evidence);

/** 20,000 requests of each side over 100 looks. */
const identical: Scenario = {
  stable: healthyArm,
  canary: healthyArm,
  disagree: 0,
  canaryShare: 0.5,
  requestsPerLook: 400,
  looks: 100,
};

const failuresOf = (scenario: Scenario, by: SimulatedJudge, count: number, seed: number) =>
  Array.from({ length: count }, (_, run) => simulateCanary(scenario, by, createRandom(seed + run)));

const failedOf = (scenario: Scenario, by: SimulatedJudge, count: number, seed: number): number =>
  failuresOf(scenario, by, count, seed).filter((failure) => failure !== null).length;

let measured: Measured[];
beforeAll(() => {
  measured = worsened.map((row, i) => ({
    ...row,
    failures: failuresOf(scenarioOf(row), judge, runs, 1_000_000 * (i + 1)),
  }));
});

test('of 2,000 canaries that are what serves already, at most 1 % are rolled back in 100 looks', () => {
  const failed = failedOf(identical, judge, pairs, 0);
  console.log(`identical pairs: ${failed} of ${pairs} rolled back`);
  expect(failed).toBeLessThanOrEqual(0.01 * pairs);
});

test('of canaries as bad as every margin allows at once, at most 1 % are', () => {
  const allowed: Scenario = {
    ...identical,
    canary: {
      errors: healthyArm.errors + margins.errors,
      fallbacks: healthyArm.fallbacks + margins.fallback,
      latency: slowedLatency(0.01 + margins.latency),
      scores: shiftedScores(margins.scores),
    },
    disagree: margins.agreement,
  };
  const failed = failedOf(allowed, judge, 500, 10_000_000);
  console.log(`as bad as the margins allow: ${failed} of 500 rolled back`);
  expect(failed).toBeLessThanOrEqual(0.01 * 500);
});

test('a z-test at every look rolls back more than that, so that this suite would notice', () => {
  const failed = failedOf(identical, naiveJudge, 500, 0);
  console.log(`identical pairs, a z-test of the errors at every look: ${failed} of 500 rolled back`);
  expect(failed).toBeGreaterThan(0.03 * 500);
});

test('errors that double from 0.5 % to 1 % are found in 80 % of the canaries within 30,000 requests of each side', () => {
  const doubled = measured.find(({ truth }) => truth === '0.5 % -> 1 %') as Measured;
  console.log(`errors 0.5 % -> 1 %: 80 % found by ${requestsUntil(doubled, 0.8)} requests of the canary`);
  expect(foundWithin(doubled, 30_000)).toBeGreaterThanOrEqual(0.8);
});

test('a canary that is worse in one metric is never failed by another', () => {
  const others = measured.flatMap(({ failures, metric }) =>
    failures.filter((failure) => failure !== null && !failure.metrics.includes(metric)),
  );
  expect(others.length).toBeLessThanOrEqual(0.01 * runs * measured.length);
});

test('the table and the picture of docs/canary.md are what was measured', async () => {
  const table = powerTable(measured);
  console.log(table);
  await expect(await powerChart(measured)).toMatchFileSnapshot('../../docs/canary-power.svg');
  expect(readFileSync(new URL('../../docs/canary.md', import.meta.url), 'utf8')).toContain(table);
});
