import { auc } from '@repo/stats/auc';
import { logLoss } from '@repo/stats/log-loss';
import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { metricIntervals } from './metric-intervals.ts';

const random = createRandom(1);
const rows = 2000;
const answers = Float32Array.from({ length: rows }, () => 0.1 + 0.8 * random.next());
const labels = answers.map((answer) => (random.next() < answer ? 1 : 0));
const hourly = Float64Array.from(answers, (_, row) => row * 3600e6);

test('the intervals of a classification hold its metrics and are narrow', () => {
  const intervals = metricIntervals('binary', labels, answers, hourly);
  const expected = { logLoss: logLoss(labels, answers), auc: auc(labels, answers) };
  expect(Object.keys(intervals).sort()).toEqual(['auc', 'brier', 'logLoss']);
  for (const [name, value] of Object.entries(expected)) {
    const [lower, upper] = intervals[name] ?? [Number.NaN, Number.NaN];
    expect(lower).toBeLessThan(value);
    expect(upper).toBeGreaterThan(value);
    expect(upper - lower).toBeLessThan(0.1);
  }
});

test('rows of one class have no AUC, and fewer days give wider intervals', () => {
  const none = metricIntervals('binary', new Float32Array(rows), answers, hourly);
  expect(Object.keys(none).sort()).toEqual(['brier', 'logLoss']);
  // Rows sorted by their answer: every day then differs from every other.
  const sorted = answers.toSorted();
  const width = (timesUs: Float64Array) => {
    const [lower, upper] = metricIntervals('binary', labels, sorted, timesUs).brier as readonly [number, number];
    return upper - lower;
  };
  expect(width(hourly.map((time) => time * 4))).toBeLessThan(width(hourly));
});

test('a regression has the mean absolute and the root mean squared error', () => {
  const { mae, rmse } = metricIntervals('regression', labels, answers, hourly);
  expect(mae?.[0]).toBeLessThan(rmse?.[0] as number);
  expect(rmse?.[1]).toBeLessThan(0.6);
});
