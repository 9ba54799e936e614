import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clusterOfRow, clusters, coverage, drawClustered, once } from './fixtures/clustered-rows.ts';
import { expectGoldenStatistic, goldens } from './fixtures/comparison-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { mean } from './mean.ts';
import { meanOf } from './mean-of.ts';
import { createRandom } from './random.ts';

test('it agrees with the weighted mean of NumPy, of all rows and of a group', () => {
  expectGoldenStatistic('meanOf', (among) => meanOf(goldens.columns.values, among));
});

test('a cluster of weight 2 counts like its rows twice', () => {
  const values = Array.from(drawClustered(createRandom(1), 0.5));
  const weights = once.map((_, cluster) => (cluster < 10 ? 2 : 1));
  const repeated = [...values, ...values.filter((_, row) => (clusterOfRow[row] as number) < 10)];
  expectClose(meanOf(values)(clusters)(weights), mean(repeated));
});

test('the mean of a group and of the rest make that of all', () => {
  const members = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 600, maxLength: 600 });
  const values = drawClustered(createRandom(2), 0.5);
  fc.assert(
    fc.property(members, (drawn) => {
      const among = [1, 0, ...drawn.slice(2)];
      const size = mean(among);
      const inside = meanOf(values, among)(clusters)(once);
      const outside = meanOf(
        values,
        among.map((member) => 1 - member),
      )(clusters)(once);
      expect(Math.abs(size * inside + (1 - size) * outside - mean(values))).toBeLessThan(1e-12);
    }),
  );
});

test('without a row of the group in the resample it is undefined', () => {
  const among = Array.from(clusterOfRow, (cluster) => (cluster === 3 ? 1 : 0));
  expect(meanOf(among, among)(clusters)(once.map((_, cluster) => (cluster === 3 ? 0 : 1)))).toBeNaN();
});

test('its interval covers the truth about as often as it says', () => {
  const covered = coverage(0, (random) => meanOf(drawClustered(random, 0.5)));
  expect(covered).toBeGreaterThan(0.9);
  expect(covered).toBeLessThan(0.98);
});

test('bad columns are refused by name', () => {
  const few = { count: 2, ofRow: Int32Array.of(0, 1) };
  const group = (among: number[]) => () => meanOf([1, 2], among, 'amongA')(few);
  expect(() => meanOf([1])(few)).toThrow(/^values: received 1 rows; allowed: 2 rows, as many as clusters/);
  expect(() => meanOf([1, Number.NaN])(few)).toThrow(/^values\[1\]: received NaN; allowed: a finite number/);
  expect(group([1])).toThrow(/^amongA: received 1 rows; allowed: 2 rows, as many as clusters/);
  expect(group([1, 0.5])).toThrow(
    new RangeError(
      'amongA[1]: received 0.5; allowed: 0 or 1; do this: mark the rows of the group with 1 and all others with 0.',
    ),
  );
  expect(group([0, 0])).toThrow(
    new RangeError(
      'amongA: received no row of 1; allowed: at least one; do this: leave out the groups that have no rows.',
    ),
  );
});
