import { expect, test } from 'vitest';
import { combinedStatistic } from './combined-statistic.ts';
import { differenceOfMeansBetweenGroups } from './difference-of-means-between-groups.ts';
import { clusters, coverage, drawClustered, once } from './fixtures/clustered-rows.ts';
import { expectGoldenStatistic, goldens } from './fixtures/comparison-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { normalCdf } from './normal-distribution.ts';
import { createRandom, type Random } from './random.ts';
import { ratioOfMeans } from './ratio-of-means.ts';

const { values, groupA, groupB } = goldens.columns;
const everyone = groupA.map(() => 1);

/** Decisions of two groups within the same clusters: in group A for values above 0.5, in group B for those above 0. */
function drawDecisions(random: Random) {
  const drawn = drawClustered(random, 0.3);
  const amongA = Array.from(drawn, () => random.integer(2));
  const decisions = Array.from(drawn, (value, row) => (value > (amongA[row] === 1 ? 0.5 : 0) ? 1 : 0));
  return [decisions, amongA, amongA.map((member) => 1 - member)] as const;
}

test('ratio and difference agree with NumPy', () => {
  expectGoldenStatistic('ratioOfMeans', (among) => ratioOfMeans(values, among ?? everyone, groupB));
  expectGoldenStatistic('differenceOfMeansBetweenGroups', (among) =>
    differenceOfMeansBetweenGroups(values, among ?? everyone, groupB),
  );
});

test('exchanging the groups turns the ratio and the difference around', () => {
  const [decisions, amongA, amongB] = drawDecisions(createRandom(1));
  const ratio = (a: number[], b: number[]) => ratioOfMeans(decisions, a, b)(clusters)(once);
  const difference = (a: number[], b: number[]) => differenceOfMeansBetweenGroups(decisions, a, b)(clusters)(once);
  expectClose(ratio(amongB, amongA), 1 / ratio(amongA, amongB));
  expectClose(difference(amongB, amongA), -difference(amongA, amongB));
});

test('intervals of the ratio and the difference cover the truth about as often as they say', () => {
  const [shareA, shareB] = [normalCdf(-0.5), 0.5];
  for (const covered of [
    coverage(shareA / shareB, (random) => ratioOfMeans(...drawDecisions(random))),
    coverage(shareA - shareB, (random) => differenceOfMeansBetweenGroups(...drawDecisions(random))),
  ]) {
    expect(covered).toBeGreaterThan(0.9);
    expect(covered).toBeLessThan(0.98);
  }
});

test('a mean of 0 in group B leaves the ratio undefined', () => {
  const [, amongA, amongB] = drawDecisions(createRandom(1));
  expect(ratioOfMeans(amongA, amongA, amongB)(clusters)(once)).toBeNaN();
  expect(ratioOfMeans(amongB, amongA, amongB)(clusters)(once)).toBe(0);
});

test('a group without rows is refused by name', () => {
  const nobody = groupA.map(() => 0);
  const few = { count: 1, ofRow: new Int32Array(groupA.length) };
  expect(() => ratioOfMeans(values, nobody, groupB)(few)).toThrow(
    /^amongA: received no row of 1; allowed: at least one/,
  );
  expect(() => differenceOfMeansBetweenGroups(values, groupA, nobody)(few)).toThrow(/^amongB: received no row of 1/);
});

test('a combined statistic is made of both parts on the same resample, and undefined when it is not finite', () => {
  const weights = once.map((_, cluster) => cluster);
  const first = () => (seen: Float64Array) => seen[3] as number;
  const second = () => (seen: Float64Array) => seen[5] as number;
  const combine = (make: (a: number, b: number) => number) => combinedStatistic(first, second, make)(clusters)(weights);
  expect(combine((a, b) => a - b)).toBe(-2);
  expect(combine((a, b) => a / (b - 5))).toBeNaN();
});
