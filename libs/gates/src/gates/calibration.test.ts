import { beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { outcomesOf } from '../fixtures/outcomes-of.ts';
import { plantedEvidence } from '../fixtures/planted-evidence.ts';
import { calibration } from './calibration.ts';

let good: Evidence;
let numbers: Evidence;
beforeAll(async () => {
  good = await plantedEvidence();
  numbers = await plantedEvidence({ task: 'regression' });
});

const answering = (evidence: Evidence, answer: (p: number, label: number, row: number) => number): Evidence => {
  const { labels } = evidence.tables.test.matrix;
  const answers = evidence.candidate.answers.map((p, row) => answer(p, labels[row] as number, row));
  return { ...evidence, candidate: { ...evidence.candidate, answers } };
};
const logOdds = (p: number) => Math.log(p / (1 - p));
const probability = (x: number) => 1 / (1 + Math.exp(-x));

test('a model that was trained on such rows is calibrated', async () => {
  const checks = await calibration.run(good);
  expect(outcomesOf(checks)).toEqual({
    'calibration error': 'pass',
    'slope, overconfident': 'pass',
    'slope, timid': 'pass',
    intercept: 'pass',
    'Brier skill': 'pass',
  });
  expect(checks.find(({ name }) => name === 'slope, timid')?.value).toBeCloseTo(1, 0);
});

test('answers that are too extreme fail by the slope, and so do answers that are too timid', async () => {
  const extreme = await calibration.run(answering(good, (p) => probability(2 * logOdds(p))));
  expect(outcomesOf(extreme, 'pass')).toMatchObject({ 'slope, overconfident': 'fail' });
  const timid = await calibration.run(answering(good, (p) => probability(0.5 * logOdds(p))));
  expect(outcomesOf(timid, 'pass')).toMatchObject({ 'slope, timid': 'fail' });
});

test('answers that are all too high fail by their error', async () => {
  const checks = await calibration.run(answering(good, (p) => probability(logOdds(p) + 0.7)));
  expect(outcomesOf(checks, 'pass')).toEqual({ 'calibration error': 'fail' });
});

test('answers that know nothing have no skill', async () => {
  const checks = await calibration.run(answering(good, (_, __, row) => 0.5 + 0.2 * Math.sin(row)));
  expect(outcomesOf(checks, 'pass')).toMatchObject({ 'Brier skill': 'fail', 'slope, overconfident': 'fail' });
});

test('of few days it cannot be told', async () => {
  const few = answering(await plantedEvidence({ testDays: 4 }), (p) => probability(1.25 * logOdds(p)));
  expect(outcomesOf(await calibration.run(few), 'pass')).toMatchObject({ 'slope, overconfident': 'inconclusive' });
});

test('one answer for all rows, and answers that split the classes, have no slope, and say which limit waits', async () => {
  const constant = await calibration.run(answering(good, () => 0.8));
  expect(outcomesOf(constant)).toMatchObject({ slope: 'not-applicable', 'Brier skill': 'fail' });
  const knowing = await calibration.run(answering(good, (_, label) => (label === 1 ? 0.999 : 0.001)));
  expect(outcomesOf(knowing, 'pass')).toEqual({ slope: 'not-applicable' });
  expect(knowing.find(({ name }) => name === 'slope')?.limit).toEqual({ good: 'at least', at: 0.8 });
});

test('a number is calibrated when it is neither too high nor too low on average', async () => {
  expect(outcomesOf(await calibration.run(numbers))).toEqual({ 'bias, too high': 'pass', 'bias, too low': 'pass' });
  expect(outcomesOf(await calibration.run(answering(numbers, (x) => x + 0.3)))).toMatchObject({
    'bias, too high': 'fail',
  });
  expect(outcomesOf(await calibration.run(answering(numbers, (x) => x - 0.3)))).toMatchObject({
    'bias, too low': 'fail',
  });
});
