import { expect, test } from 'vitest';
import { clusterMean } from './cluster-mean.ts';
import { createRandom } from './random.ts';

const varianceOf = ({ pulls }: { pulls: Float64Array }): number =>
  pulls.reduce((sum, pull) => sum + pull * pull, 0) / (pulls.length - 1) / pulls.length;

test('the mean is that of the rows, not of the clusters, and the pulls cancel', () => {
  const { mean, pulls } = clusterMean([10, 2, 0], [5, 1, 0]);
  expect(mean).toBe(2);
  expect([...pulls]).toEqual([0, 0, 0]);
  const other = clusterMean([3, 0], [1, 3]);
  expect(other.mean).toBe(0.75);
  expect([...other.pulls]).toEqual([1.125, -1.125]);
});

test('with one row in each cluster the variance is that of a plain mean', () => {
  const values = [1, 4, 2, 8, 5];
  const mean = 4;
  const expected = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4 / 5;
  expect(varianceOf(clusterMean(values, [1, 1, 1, 1, 1]))).toBeCloseTo(expected, 12);
});

test('the variance is that of means over many draws of clusters, whose rows are alike; that of rows is a fraction of it', () => {
  const random = createRandom(3);
  const [means, estimates, naive]: [number[], number[], number[]] = [[], [], []];
  for (let draw = 0; draw < 400; draw++) {
    const rows = Array.from({ length: 200 }, () => 1 + random.integer(9));
    const sums = rows.map((count) => {
      const level = random.normal();
      return count * level + Math.sqrt(count) * random.normal();
    });
    const found = clusterMean(sums, rows);
    means.push(found.mean);
    estimates.push(varianceOf(found));
    naive.push(2 / rows.reduce((a, b) => a + b));
  }
  const average = (values: number[]) => values.reduce((a, b) => a + b) / values.length;
  const centre = average(means);
  const truth = average(means.map((mean) => (mean - centre) ** 2));
  expect(average(estimates) / truth).toBeGreaterThan(0.8);
  expect(average(estimates) / truth).toBeLessThan(1.25);
  expect(average(naive) / truth).toBeLessThan(0.5);
});

test.each([
  [() => clusterMean([1], [1, 2]), /received 2 rows/],
  [() => clusterMean([Number.NaN], [1]), /sums\[0\]: received NaN/],
  [() => clusterMean([0], [0]), /rows: received 0/],
])('refuses what has no mean', (wrong, message) => {
  expect(wrong).toThrow(message);
});
