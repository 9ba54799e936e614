import { expect, test } from 'vitest';
import { aucDifference } from './auc-difference.ts';
import { aucOf } from './auc-of.ts';
import { bootstrapMany } from './bootstrap-many.ts';
import { clusterOfRow, drawClustered } from './fixtures/clustered-rows.ts';
import { expectClose, goldens } from './fixtures/goldens.ts';
import { meanDifference } from './mean-difference.ts';
import { meanOf } from './mean-of.ts';
import { type PairedStatistic, pairedBootstrap } from './paired-bootstrap.ts';
import { createRandom } from './random.ts';

const { clusters, labels, scoresA, scoresB, targets, predictions } = goldens.columns;
const options = { clusters, replicates: 300, seed: 5, level: 0.9 };
const statistics = {
  loss: meanDifference(targets, predictions),
  auc: aucDifference(labels, scoresA, scoresB),
};

/** A statistic that returns these values one after the other: first that of the data. */
const returning =
  (values: readonly number[]): PairedStatistic =>
  () => {
    let call = 0;
    return () => values[call++ % values.length] as number;
  };

test('each statistic has the interval that it would have alone: all see the same resamples', () => {
  const summaries = bootstrapMany(options, statistics);
  for (const name of ['loss', 'auc'] as const)
    expect(summaries[name]).toMatchObject(pairedBootstrap(options, statistics[name]));
});

test('another statistic beside it changes nothing, not even one that is undefined now and then', () => {
  const rare: PairedStatistic = () => (weights) => (weights[0] === 0 ? Number.NaN : (weights[0] as number));
  const beside = bootstrapMany(options, { rare, ...statistics });
  expect(beside.auc).toEqual(bootstrapMany(options, { auc: statistics.auc }).auc);
  expect(beside.rare.lower).toBe(1); // the resamples with a weight of 0 do not count
});

test('one-sided bounds at a level are the two-sided ones at twice the distance from 1', () => {
  const at95 = bootstrapMany({ ...options, level: 0.95 }, statistics).loss;
  const at90 = bootstrapMany({ ...options, level: 0.9 }, statistics).loss;
  expectClose(at95.oneSidedLower, at90.lower);
  expectClose(at95.oneSidedUpper, at90.upper);
  expect(at95.lower).toBeLessThan(at95.oneSidedLower);
  expect(at95.upper).toBeGreaterThan(at95.oneSidedUpper);
});

test('p-values count the resamples at or beyond 0, and the data as one of them', () => {
  const ramp = Array.from({ length: 100 }, (_, index) => index - 9); // -9..90, of which 10 are at most 0
  const { p } = bootstrapMany({ ...options, replicates: 100 }, { p: returning([40, ...ramp, 0]) });
  expect(p.estimate).toBe(40);
  expectClose(p.pAtMostZero, 11 / 101);
  expectClose(p.pAtLeastZero, 92 / 101);
  const { certain } = bootstrapMany(options, { certain: returning([2]) });
  expectClose(certain.pAtMostZero, 1 / 301);
  expect(certain).toMatchObject({ lower: 2, upper: 2, standardError: 0, pAtLeastZero: 1 });
});

test('of equal models the one-sided p-value is below 5 % in about 5 % of data sets', () => {
  let found = 0;
  for (let seed = 0; seed < 400; seed++) {
    const drawn = { clusters: clusterOfRow, replicates: 300, seed, level: 0.95 };
    const { loss } = bootstrapMany(drawn, { loss: meanOf(drawClustered(createRandom(seed), 0.5)) });
    expect(loss.pAtMostZero < 0.05).toBe(loss.oneSidedLower > 0);
    if (loss.pAtMostZero < 0.05) found++;
  }
  expect(found / 400).toBeGreaterThan(0.02); // three standard deviations are 0.033, and 40 clusters are few
  expect(found / 400).toBeLessThan(0.09);
});

test('a thousand resamples of many statistics on 55,000 rows need no more than a pass over clusters or rows each', () => {
  const random = createRandom(1);
  const days = Int32Array.from({ length: 55_000 }, (_, row) => row % 61);
  const drawn = Array.from(days, () => random.integer(2));
  const scores = Array.from(days, random.normal);
  const summaries = bootstrapMany(
    { clusters: days, replicates: 1000, seed: 1, level: 0.95 },
    { auc: aucOf(drawn, scores), share: meanOf(drawn) },
  );
  expect(Math.abs(summaries.auc.estimate - 0.5)).toBeLessThan(4 * summaries.auc.standardError);
  expect(Math.abs(summaries.share.estimate - 0.5)).toBeLessThan(4 * summaries.share.standardError);
});

test('a statistic that is undefined on the data or in most resamples is refused by name', () => {
  expect(() => bootstrapMany(options, { ...statistics, slice: () => () => Number.NaN })).toThrow(
    new RangeError(
      'slice: received NaN; allowed: a finite value on the data itself; ' +
        'do this: check that every class and group has rows.',
    ),
  );
  expect(() => bootstrapMany(options, { ratio: returning([1, Number.NaN, Infinity]) })).toThrow(
    new RangeError(
      'ratio: received 200 undefined resamples of 300; allowed: at most half; ' +
        'do this: use smaller clusters or leave this statistic out.',
    ),
  );
});

test('options are refused as by the paired bootstrap, and no statistics are no summaries', () => {
  expect(() => bootstrapMany({ ...options, replicates: 10 }, statistics)).toThrow(/^replicates: received 10; allowed/);
  expect(() => bootstrapMany({ ...options, clusters: labels.map(() => 1) }, statistics)).toThrow(
    /^clusters: received 1/,
  );
  expect(bootstrapMany(options, {})).toEqual({});
});
