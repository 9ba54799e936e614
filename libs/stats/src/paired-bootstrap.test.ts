import { expect, test } from 'vitest';
import { aucDifference } from './auc-difference.ts';
import { delong } from './delong.ts';
import { expectClose, expectCloseRecord, goldens } from './fixtures/goldens.ts';
import { meanDifference } from './mean-difference.ts';
import { normalCdf } from './normal-distribution.ts';
import { type PairedBootstrapOptions, pairedBootstrap } from './paired-bootstrap.ts';
import { createRandom } from './random.ts';

const { clusters, labels, scoresA, scoresB, targets, predictions } = goldens.columns;
const { replicates, seed, level } = goldens.bootstrap;
const options: PairedBootstrapOptions = { clusters, replicates, seed, level };

const DAYS = 40;
const ROWS_PER_DAY = 15;
const dayOfRow = Int32Array.from({ length: DAYS * ROWS_PER_DAY }, (_, row) => Math.floor(row / ROWS_PER_DAY));

/** Losses that differ by 0.2 on average, by a shift common to the rows of a day and by noise of each row. */
function simulateLosses(run: number) {
  const random = createRandom(run);
  const shifts = Array.from({ length: DAYS }, random.normal);
  const lossesA = Array.from(dayOfRow, (day) => 0.2 + (shifts[day] as number) + random.normal());
  return { lossesA, lossesB: new Float64Array(dayOfRow.length) };
}

/** The share of simulated data sets that get an interval that holds the true 0.2. */
function coverageOfLosses(runCount: number, clustersUsed: Int32Array, levelUsed: number): number {
  const runs = Array.from({ length: runCount }, (_, run) => {
    const { lossesA, lossesB } = simulateLosses(run);
    const drawn = { clusters: clustersUsed, replicates: 300, seed: run, level: levelUsed };
    return pairedBootstrap(drawn, meanDifference(lossesA, lossesB));
  });
  return runs.filter(({ lower, upper }) => lower < 0.2 && 0.2 < upper).length / runCount;
}

test('a mean difference resampled by cluster agrees with NumPy on the same draws', () => {
  const lossesA = targets.map((target, row) => (target - (predictions[row] as number)) ** 2);
  const lossesB = targets.map((target) => (target - 20) ** 2);
  expectCloseRecord(pairedBootstrap(options, meanDifference(lossesA, lossesB)), goldens.bootstrap.meanDifference);
});

test('an AUC difference resampled by cluster agrees with scikit-learn on the same draws', () => {
  const interval = pairedBootstrap(options, aucDifference(labels, scoresA, scoresB));
  expectCloseRecord(interval, goldens.bootstrap.aucDifference);
});

test('with every row its own cluster the AUC difference has the standard error of DeLong', () => {
  const rowIds = labels.map((_, row) => row);
  const wide = { clusters: rowIds, replicates: 2000, seed: 3, level: 0.95 };
  const { estimate, standardError } = pairedBootstrap(wide, aucDifference(labels, scoresA, scoresB));
  const expected = delong(labels, scoresA, scoresB);
  expectClose(estimate, expected.difference);
  expect(standardError / expected.standardError).toBeGreaterThan(0.93);
  expect(standardError / expected.standardError).toBeLessThan(1.07);
});

test('intervals of 90 and 95 % cover the truth about that often when days differ', () => {
  const share90 = coverageOfLosses(200, dayOfRow, 0.9);
  const share95 = coverageOfLosses(200, dayOfRow, 0.95);
  expect(share90).toBeGreaterThan(0.836); // three standard deviations of 200 trials, on each side
  expect(share90).toBeLessThan(0.964);
  expect(share95).toBeGreaterThan(0.904);
  expect(share95).toBeLessThan(0.996);
});

test('resampling rows instead of days would be falsely sure', () => {
  const ownCluster = dayOfRow.map((_, row) => row);
  expect(coverageOfLosses(50, ownCluster, 0.95)).toBeLessThan(0.75);
});

test('intervals of the AUC difference cover the truth about as often as they say', () => {
  const truth = normalCdf(1 / Math.SQRT2) - normalCdf(0.6 / Math.SQRT2);
  const runs = Array.from({ length: 200 }, (_, run) => {
    const random = createRandom(run);
    const drawn = Array.from(dayOfRow, () => random.integer(2));
    const a = drawn.map((label) => label + random.normal());
    const b = drawn.map((label) => 0.6 * label + random.normal());
    const narrow = { clusters: dayOfRow, replicates: 200, seed: run, level: 0.9 };
    return pairedBootstrap(narrow, aucDifference(drawn, a, b));
  });
  const covered = runs.filter(({ lower, upper }) => lower < truth && truth < upper).length / 200;
  expect(covered).toBeGreaterThan(0.836);
  expect(covered).toBeLessThan(0.964);
});

test('the numbers that name the clusters do not matter, and the seed decides the draws', () => {
  const renamed = { ...options, clusters: clusters.map((cluster) => 1000 - cluster) };
  const statistic = aucDifference(labels, scoresA, scoresB);
  expect(pairedBootstrap(renamed, statistic)).toEqual(pairedBootstrap(options, statistic));
  const reseeded = pairedBootstrap({ ...options, seed: 8 }, statistic);
  expect(reseeded.lower).not.toBe(pairedBootstrap(options, statistic).lower);
  expect(reseeded.estimate).toBe(pairedBootstrap(options, statistic).estimate);
});

test('the same model twice differs by exactly nothing', () => {
  const nothing = { estimate: 0, lower: 0, upper: 0, standardError: 0 };
  expect(pairedBootstrap(options, meanDifference(targets, targets))).toEqual(nothing);
  expect(pairedBootstrap(options, aucDifference(labels, scoresA, scoresA))).toEqual(nothing);
});

test('resamples without a class are drawn again while they are the exception, and refused when they are the rule', () => {
  const fewDays = [1, 1, 2, 2, 3, 3, 4, 4, 5, 5];
  const scores = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const few = { ...options, clusters: fewDays };
  const spread = pairedBootstrap(few, aucDifference([0, 1, 0, 1, 0, 1, 0, 0, 0, 0], scores, scores.toReversed()));
  expect(Number.isFinite(spread.lower + spread.upper + spread.standardError)).toBe(true);
  const lonely = { ...options, clusters: [1, 1, 2, 2] };
  expect(() => pairedBootstrap(lonely, aucDifference([0, 0, 1, 1], [1, 2, 3, 4], [4, 3, 2, 1]))).toThrow(
    new RangeError('clusters: received 201 undefined resamples; allowed: at most 200; do this: use smaller clusters.'),
  );
});

const zeros = new Float64Array(clusters.length);
const refusals: [change: Partial<PairedBootstrapOptions>, message: string][] = [
  [{ replicates: 99 }, 'replicates: received 99; allowed: an integer of at least 100; do this: pass 1000.'],
  [{ replicates: 100.5 }, 'replicates: received 100.5; allowed: an integer of at least 100; do this: pass 1000.'],
  [{ level: 0 }, 'level: received 0; allowed: a number between 0 and 1; do this: pass 0.95 for 95 %.'],
  [{ level: 95 }, 'level: received 95; allowed: a number between 0 and 1; do this: pass 0.95 for 95 %.'],
  [{ level: Number.NaN }, 'level: received NaN; allowed: a number between 0 and 1; do this: pass 0.95 for 95 %.'],
  [{ seed: -1 }, 'seed: received -1; allowed: an integer from 0 to 2^32 - 1; do this: pass a fixed whole number.'],
  [
    { clusters: [] },
    'clusters: received 0 rows; allowed: at least 1 row; do this: check the filter that selected the rows.',
  ],
  [
    { clusters: zeros },
    'clusters: received 1 cluster; allowed: at least 2; do this: widen the selection or choose smaller clusters.',
  ],
  [
    { clusters: zeros.map((_, row) => (row === 3 ? Number.NaN : row)) },
    'clusters[3]: received NaN; allowed: an integer; do this: number the clusters, for example days since 1970.',
  ],
];

test.each(refusals)('%o is refused', (change, message) => {
  expect(() => pairedBootstrap({ ...options, ...change }, meanDifference(zeros, zeros))).toThrow(
    new RangeError(message),
  );
});

test('a statistic that is undefined on the data itself is refused', () => {
  expect(() => pairedBootstrap(options, () => () => Number.NaN)).toThrow(
    new RangeError(
      'statistic: received NaN; allowed: a finite value on the data itself; do this: check that both classes have rows.',
    ),
  );
});
