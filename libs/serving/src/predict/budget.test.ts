import { expect, test } from 'vitest';
import { freezeTime } from '../fixtures/frozen-time.ts';
import { createBudget } from './budget.ts';

test('the store gets 30 % and the judge 10 % of the whole, but never more than is left', () => {
  using time = freezeTime();
  const budget = createBudget(200);
  expect([budget.featuresMs(), budget.outlierMs()]).toEqual([60, 20]);
  time.advance(150);
  expect([budget.featuresMs(), budget.outlierMs()]).toEqual([50, 20]);
  time.advance(45);
  expect([budget.featuresMs(), budget.outlierMs()]).toEqual([5, 5]);
});

test('a model gets half of what is left while others may follow, the last one all, and nobody less than nothing', () => {
  using time = freezeTime();
  const budget = createBudget(200);
  time.advance(60);
  expect([budget.levelMs(2), budget.levelMs(0)]).toEqual([70, 140]);
  time.advance(200);
  expect([budget.levelMs(1), budget.levelMs(0), budget.tookMs()]).toEqual([0, 0, 260]);
});
