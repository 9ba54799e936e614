import { beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../evidence.ts';
import { outcomesOf } from '../fixtures/outcomes-of.ts';
import { plantedEvidence, type Spoil, spoilt } from '../fixtures/planted-evidence.ts';
import { plantedModel } from '../fixtures/planted-world.ts';
import { slices } from './slices.ts';

let good: Evidence;
let overWorse: Evidence;
beforeAll(async () => {
  good = await plantedEvidence();
  // A champion that knows less, so that the average stays better whatever is planted.
  overWorse = await plantedEvidence({ champion: 'without heat' });
});

const spoil = async (evidence: Evidence, how: Spoil): Promise<Evidence> => ({
  ...evidence,
  candidate: await spoilt(evidence.candidate, evidence.tables, how),
});
const meanLoss = ({ tables }: Evidence, answers: Float32Array) =>
  answers.reduce((sum, p, row) => sum - Math.log(tables.test.matrix.labels[row] === 1 ? p : 1 - p), 0) / answers.length;

test('slices pass whose base rates differ, as each is held to its own prior', async () => {
  const checks = await slices.run(good);
  expect(outcomesOf(checks, 'pass')).toEqual({});
  const { labels } = good.tables.test.matrix;
  const kinds = good.tables.test.matrix.columns[2] as Float32Array;
  const rate = (kind: number) => {
    const own = labels.filter((_, row) => kinds[row] === kind);
    return own.reduce((sum, label) => sum + label, 0) / own.length;
  };
  expect(rate(1) - rate(0)).toBeGreaterThan(0.15);
  expect(checks.map(({ name }) => name)).toContain('kind mill, against the champion');
});

test('a slice that got worse under a better average fails, and no other', async () => {
  const spoiled = await spoil(overWorse, (answer, [, , kind]) => (kind === 0 ? 0.3 : answer));
  const champion = overWorse.champion?.answers as Float32Array;
  expect(meanLoss(spoiled, spoiled.candidate.answers)).toBeLessThan(meanLoss(spoiled, champion));
  const failed = (await slices.run(spoiled)).filter(({ outcome }) => outcome === 'fail');
  expect(failed.map(({ name }) => name).sort()).toEqual(['kind mill', 'kind mill, against the champion']);
  expect(failed[0]?.detail).toContain('Look at the rows of the slice');
});

test('a slice that nobody declared is found on other days than it is measured on', async () => {
  const spoiled = await spoil(overWorse, (answer, [load = 0]) => (load > 0.8 ? 0.5 : answer));
  const failed = (await slices.run(spoiled)).filter(({ outcome }) => outcome === 'fail');
  expect(failed.map(({ name }) => name).filter((name) => name.startsWith('where'))).toHaveLength(2);
  for (const { name } of failed.filter((one) => one.name.startsWith('where')))
    expect(name).toMatch(/^where not load <= 0\.(7|8).* \(days (1, 3|2, 4), \.\.\.\), against the champion$/);
});

test('the same model trained again is worse nowhere, and the champion itself nowhere at all', async () => {
  const checks = await slices.run({ ...good, champion: { ...good.candidate, version: 1 } });
  expect(checks.filter(({ name }) => name.endsWith('against the champion')).every(({ value }) => value === 0)).toBe(
    true,
  );
  expect(checks.at(-1)).toMatchObject({ name: 'undeclared slices', outcome: 'pass' });
  expect(outcomesOf(checks, 'pass')).toEqual({});
});

test('on few days it cannot be told of a slice', async () => {
  const few = await spoil(await plantedEvidence({ champion: 'again', testDays: 7 }), (p) => 0.75 * p + 0.12);
  const { model } = { model: plantedModel('binary', { limits: { sliceLoss: { at: 0.02, reason: 'a test' } } }) };
  expect(Object.values(outcomesOf(await slices.run({ ...few, model })))).toContain('inconclusive');
});

test('a declared slice that the candidate has no feature for fails, one of small groups cannot be told', async () => {
  const { candidate } = good;
  const features = candidate.contract.features.filter(({ name }) => name !== 'kind');
  const without = { ...good, candidate: { ...candidate, contract: { ...candidate.contract, features } } };
  expect(outcomesOf(await slices.run(without), 'pass')).toMatchObject({ kind: 'fail' });
  const few = await plantedEvidence({ testDays: 2 });
  expect(outcomesOf(await slices.run(few), 'pass')).toMatchObject({ kind: 'inconclusive' });
});

test('without a champion slices are held to the average alone, without any slice nothing is', async () => {
  expect(outcomesOf(await slices.run({ ...good, champion: null }))).toEqual({
    'kind cut': 'pass',
    'kind drill': 'pass',
    'kind mill': 'pass',
    'against the champion': 'not-applicable',
  });
  const model = plantedModel('binary', { slices: [] });
  expect(outcomesOf(await slices.run({ ...good, model, champion: null }))).toEqual({
    'against the champion': 'not-applicable',
  });
});

test('a regression has slices too', async () => {
  const numbers = await plantedEvidence({ task: 'regression', champion: 'without heat' });
  expect(outcomesOf(await slices.run(numbers), 'pass')).toEqual({});
  const spoiled = await spoil(numbers, (answer, [, , kind]) => (kind === 0 ? answer + 1 : answer));
  expect(outcomesOf(await slices.run(spoiled), 'pass')).toMatchObject({
    'kind mill': 'fail',
    'kind mill, against the champion': 'fail',
  });
});
