import { expect, test } from 'vitest';
import { goldens } from '../drift/fixtures/goldens.ts';
import { medianOf, weekdayDeviation } from './weekday-deviation.ts';

const days = goldens.deviation.days.slice(0, 28);

test('expected value, spread and deviation agree with SciPy', () => {
  const { expected, spread, z } = goldens.deviation;
  const deviation = weekdayDeviation(days, goldens.deviation.days[28] as number, 0);
  expect(deviation?.expected).toBeCloseTo(expected, 9);
  expect(deviation?.spread).toBeCloseTo(spread, 9);
  expect(deviation?.z).toBeCloseTo(z, 9);
});

test('a wild day of the past moves what is expected by less than a spread', () => {
  const wild = days.map((value, day) => (day === 7 ? 1e6 : value));
  const [quiet, after] = [weekdayDeviation(days, 1000, 0), weekdayDeviation(wild, 1000, 0)];
  expect(Math.abs((quiet?.expected ?? 0) - (after?.expected ?? 0))).toBeLessThan(quiet?.spread ?? 0);
  expect((after?.spread ?? 0) / (quiet?.spread ?? 1)).toBeLessThan(1.5);
});

test('a weekday unlike the others is no anomaly, and the same value on another day is one', () => {
  const weekly = Array.from({ length: 28 }, (_, day) => (day % 7 === 0 ? 100 : 1000) + (day % 3));
  expect(Math.abs(weekdayDeviation(weekly, 100, 1)?.z ?? 9)).toBeLessThan(3);
  expect(weekdayDeviation(weekly.slice(0, -1), 100, 1)?.z).toBeLessThan(-100);
});

test('fewer than three same weekdays give no verdict, and equal days keep the least spread', () => {
  expect(weekdayDeviation(days.slice(-20), 1000, 1)).toBeNull();
  expect(
    weekdayDeviation(
      days.map((value, day) => (day % 7 === 0 ? null : value)),
      1000,
      1,
    ),
  ).toBeNull();
  expect(weekdayDeviation(new Array<number>(28).fill(5), 7, 0.5)).toEqual({ expected: 5, spread: 0.5, z: 4 });
  expect(medianOf([])).toBeNaN();
});
