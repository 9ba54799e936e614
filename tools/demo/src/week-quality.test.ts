import { expect, test } from 'vitest';
import { weeksOf } from './week-quality.ts';

const dayUs = 86_400e6;
const outcome = (day: number, probability: number, isLate: boolean, level = 'champion') => ({
  ...{ id: `${day}`, version: '1', variant: 'stable', level, probability, isLate },
  atUs: day * dayUs,
});

test('a week holds its days, and its log-loss has an interval over them', () => {
  const [first, second] = weeksOf(
    [outcome(0, 0.5, true), outcome(6, 0.25, false, 'prior'), outcome(7, 0.9, true), outcome(8, 0.9, false)],
    0,
  );
  expect(first).toMatchObject({
    fromUs: 0,
    toUs: 7 * dayUs,
    rows: 2,
    days: 2,
    lateShare: 0.5,
    meanScore: 0.375,
    fallbackShare: 0.5,
  });
  expect(first?.logLoss.estimate).toBeCloseTo((Math.log(2) - Math.log(0.75)) / 2, 12);
  expect(first?.logLoss.lower).toBeCloseTo(-Math.log(0.75), 12);
  expect(first?.logLoss.upper).toBeCloseTo(Math.log(2), 12);
  expect(second?.rows).toBe(2);
});
