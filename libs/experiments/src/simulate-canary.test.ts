import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { healthyArm, shiftedScores, slowedLatency } from './fixtures/arm-truth.ts';
import { exampleModel } from './fixtures/example-evidence.ts';
import { naiveJudge } from './fixtures/naive-judge.ts';
import { type SimulatedJudge, type SimulatedStep, simulateCanary } from './fixtures/simulate-canary.ts';
import { judgeCanary } from './judge-canary.ts';

// `npm run e2e -- judge` does this for 2,000 pairs and measures the power.

const judge: SimulatedJudge = (evidence) => judgeCanary(exampleModel, evidence);
const identical: SimulatedStep = {
  stable: healthyArm,
  canary: healthyArm,
  disagree: 0,
  canaryShare: 0.5,
  requestsPerLook: 100,
  looks: 100,
};
const failuresOf = (step: SimulatedStep, by: SimulatedJudge, runs: number) =>
  Array.from({ length: runs }, (_, run) => simulateCanary([step], by, createRandom(run))).filter((one) => one !== null);

test('no canary of 20 that are what serves already is rolled back in 100 looks', () => {
  expect(failuresOf(identical, judge, 20)).toEqual([]);
});

test('neither is one at a quarter of the replicas', () => {
  expect(failuresOf({ ...identical, canaryShare: 0.25 }, judge, 10)).toEqual([]);
});

test('a z-test at every look rolls some back', () => {
  expect(failuresOf(identical, naiveJudge, 100).length).toBeGreaterThan(3);
});

test.each<[string, Partial<SimulatedStep['canary']>, number]>([
  ['errors', { errors: 0.3 }, 0],
  ['latency', { latency: slowedLatency(0.9) }, 0],
  ['scores', { scores: shiftedScores(0.6) }, 0],
  ['fallback', { fallbacks: 0.3 }, 0],
  ['agreement', {}, 0.3],
])(
  'every canary that is badly wrong in %s is rolled back for that, at the first look with 300 requests',
  (metric, canary, disagree) => {
    const step = { ...identical, canary: { ...healthyArm, ...canary }, disagree, requestsPerLook: 720, looks: 1 };
    const failures = failuresOf(step, judge, 20);
    expect(failures.map((failure) => failure?.metrics)).toEqual(Array.from({ length: 20 }, () => [metric]));
  },
);
