import { beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { outcomesOf } from '../fixtures/outcomes-of.ts';
import { plantedEvidence, type Spoil, spoilt } from '../fixtures/planted-evidence.ts';
import { robustness } from './robustness.ts';

let good: Evidence;
let numbers: Evidence;
beforeAll(async () => {
  good = await plantedEvidence();
  numbers = await plantedEvidence({ task: 'regression' });
});

const spoil = async (evidence: Evidence, how: Spoil): Promise<Evidence> => ({
  ...evidence,
  candidate: await spoilt(evidence.candidate, evidence.tables, how),
});

/** The evidence with a scorer that does otherwise with all the rows that it is given at once; the answers to the test rows are as before. */
function scoring(score: (answers: Float32Array, values: Float32Array) => Float32Array): Evidence {
  const { candidate } = good;
  const scorer = {
    ...candidate.scorer,
    score: async (values: Float32Array, rows: number) => score(await candidate.scorer.score(values, rows), values),
  };
  return { ...good, candidate: { ...candidate, scorer } };
}

test.each(['binary', 'regression'] as const)(
  'trees hold when the input is a little off or far off (%s)',
  async (task) => {
    const checks = await robustness.run(task === 'binary' ? good : numbers);
    expect(outcomesOf(checks)).toEqual({
      [task === 'binary' ? 'decisions that noise turns' : 'change of answers by noise']: 'pass',
      'order of rows': 'pass',
      'a missing feature': 'pass',
      'an unknown category': 'pass',
      'very large numbers': 'pass',
    });
    expect(checks[0]?.value).toBeGreaterThan(0);
    expect(await robustness.run(task === 'binary' ? good : numbers)).toEqual(checks);
  },
);

test('a model whose decisions hang on the last digits of a number is sensitive to noise', async () => {
  const digits = (tick: number) => Math.floor(tick * 1e5) % 10;
  const flips = await spoil(good, (answer, [, , , , tick = 0]) => (digits(tick) === 0 ? 1 - answer : answer));
  expect(outcomesOf(await robustness.run(flips), 'pass')).toEqual({ 'decisions that noise turns': 'fail' });
  const jumps = await spoil(numbers, (answer, [, , , , tick = 0]) => answer + 0.2 * digits(tick));
  expect(outcomesOf(await robustness.run(jumps), 'pass')).toEqual({ 'change of answers by noise': 'fail' });
});

test('on few rows it cannot be told how many decisions noise turns', async () => {
  const few = await plantedEvidence({ testDays: 3 });
  const digits = (tick: number) => Math.floor(tick * 1e5) % 47;
  const flips = await spoil(few, (answer, [, , , , tick = 0]) => (digits(tick) === 0 ? 1 - answer : answer));
  expect(outcomesOf(await robustness.run(flips), 'pass')).toEqual({ 'decisions that noise turns': 'inconclusive' });
});

test('a model that looks at the rows beside the one it answers fails in another order', async () => {
  const evidence = scoring((answers) => answers.map((answer, row) => (answer + (answers[row - 1] ?? 0.5)) / 2));
  expect(outcomesOf(await robustness.run(evidence), 'pass')).toMatchObject({ 'order of rows': 'fail' });
});

test('a model that has no answer where a feature is missing, unknown or very large fails, and the feature is named', async () => {
  const refuse = (is: (x: number) => boolean, feature: number) =>
    scoring((answers, values) => {
      if (values.every((x, i) => i % 5 !== feature || is(x))) throw new Error('The model answers row 0 with NaN.');
      return answers;
    });
  const missing = await robustness.run(refuse(Number.isNaN, 4));
  expect(outcomesOf(missing, 'pass')).toEqual({ 'a missing feature': 'fail' });
  expect(missing[2]).toMatchObject({
    value: 1,
    unit: 'features',
    detail: expect.stringContaining('No answer for tick'),
  });
  expect(outcomesOf(await robustness.run(refuse((x) => x > 100, 2)), 'pass')).toEqual({
    'an unknown category': 'fail',
  });
  expect(outcomesOf(await robustness.run(refuse((x) => x < -1e20, 0)), 'pass')).toEqual({
    'very large numbers': 'fail',
  });
});
