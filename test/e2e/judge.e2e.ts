// budget: 300 s
import { readFileSync } from 'node:fs';
import { healthyArm, shiftedScores, slowedLatency } from '@repo/experiments/fixtures/arm-truth';
import { naiveJudge } from '@repo/experiments/fixtures/naive-judge';
import {
  type ArmTruth,
  type SimulatedJudge,
  type SimulatedStep,
  simulateCanary,
} from '@repo/experiments/fixtures/simulate-canary';
import { judgeCanary } from '@repo/experiments/judge-canary';
import { createRandom } from '@repo/stats/random';
import { beforeAll, expect, test } from 'vitest';
import model from '../../models/flight-delay/model.ts';
import { powerChart } from './judge/power-chart.ts';
import { foundWithin, type Measured, powerTable, requestsUntil } from './judge/power-table.ts';
import { stepOf, worsened } from './judge/worsened.ts';

const pairs = 2000;
const runs = 100;
const { margins } = model.release;

/** The judge with the policy of flight-delay, which is that of every model that says no more than its steps. */
const judge: SimulatedJudge = (evidence) => judgeCanary(model, evidence);

/** A quarter of the replicas, then half, of 20,000 requests each, as flight-delay is released: 100 looks. */
const bothSteps = (canary: ArmTruth, disagree = 0): SimulatedStep[] =>
  [0.25, 0.5].map((canaryShare) => ({
    ...{ stable: healthyArm, canary, disagree, canaryShare },
    ...{ requestsPerLook: 400, looks: 50 },
  }));
const identical = bothSteps(healthyArm);

interface Runs {
  count: number;
  seed: number;
  by?: SimulatedJudge;
  addUp?: boolean;
}

const failuresOf = (steps: readonly SimulatedStep[], { count, seed, by = judge, addUp = false }: Runs) =>
  Array.from({ length: count }, (_, run) => simulateCanary(steps, by, createRandom(seed + run), { addUp }));

const failedOf = (steps: readonly SimulatedStep[], of: Runs): number =>
  failuresOf(steps, of).filter((failure) => failure !== null).length;

let measured: Measured[];
beforeAll(() => {
  measured = worsened.map((row, i) => ({
    ...row,
    failures: failuresOf([stepOf(row)], { count: runs, seed: 1_000_000 * (i + 1) }),
  }));
});

test('of 2,000 canaries that are what serves already, at most 1 % are rolled back in 100 looks', () => {
  const failed = failedOf(identical, { count: pairs, seed: 0 });
  console.log(`identical pairs: ${failed} of ${pairs} rolled back`);
  expect(failed).toBeLessThanOrEqual(0.01 * pairs);
});

test('of canaries as bad as every margin allows at once, at most 1 % are', () => {
  const allowed: ArmTruth = {
    errors: healthyArm.errors + margins.errors,
    fallbacks: healthyArm.fallbacks + margins.fallback,
    latency: slowedLatency(0.01 + margins.latency),
    scores: shiftedScores(margins.scores),
  };
  const failed = failedOf(bothSteps(allowed, margins.agreement), { count: 400, seed: 10_000_000 });
  console.log(`as bad as the margins allow: ${failed} of 400 rolled back`);
  expect(failed).toBeLessThanOrEqual(0.01 * 400);
});

test('an outage of both sides is not held against the canary, unless steps with different shares are added up', () => {
  const [first, second] = identical as [SimulatedStep, SimulatedStep];
  const out = { ...healthyArm, errors: 0.05 };
  const steps = [first, { ...second, stable: out, canary: out }];
  const counted = failedOf(steps, { count: 100, seed: 11_000_000 });
  const added = failedOf(steps, { count: 20, seed: 11_000_000, addUp: true });
  console.log(`outage of both sides: ${counted} of 100 rolled back, ${added} of 20 when steps are added up`);
  expect(counted).toBeLessThanOrEqual(1);
  expect(added).toBeGreaterThan(10);
});

test('a z-test at every look rolls back more than that, so that this suite would notice', () => {
  const failed = failedOf(identical, { count: 500, seed: 0, by: naiveJudge });
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
  const page = readFileSync(new URL('../../docs/canary.md', import.meta.url), 'utf8');
  expect(page.includes(table), 'docs/canary.md holds the table above').toBe(true);
});
