import { expect, test } from 'vitest';
import { spanQuality } from './span-quality.ts';

const outcome = (day: number, probability: number, isLate: boolean) => ({
  ...{ id: `${day}`, version: '1', variant: 'stable', level: 'champion', probability, isLate },
  atUs: day * 86_400e6,
});

test('a model that says the share of late flights every time has no skill', () => {
  const rows = [0, 1, 2, 3].map((day) => outcome(day, 0.25, day === 0));
  expect(spanQuality('spring', rows)).toMatchObject({ name: 'spring', rows: 4, lateShare: 0.25, meanScore: 0.25 });
  expect(spanQuality('spring', rows).skill).toBeCloseTo(0, 12);
});

test('one that tells late from punctual flights has some', () => {
  const rows = [0, 1, 2, 3].map((day) => outcome(day, day === 0 ? 0.7 : 0.1, day === 0));
  const { logLoss, shareLogLoss, skill } = spanQuality('spring', rows);
  expect(logLoss.estimate).toBeCloseTo(-(Math.log(0.7) + 3 * Math.log(0.9)) / 4, 12);
  expect(shareLogLoss).toBeCloseTo(-(Math.log(0.25) + 3 * Math.log(0.75)) / 4, 12);
  expect(skill).toBeCloseTo(1 - logLoss.estimate / shareLogLoss, 12);
});
