import { expect, test } from 'vitest';
import { poolRareBins } from './pooled-bins.ts';

test('bins that expect under 5 rows become one, and all rows stay', () => {
  const pair = poolRareBins([600, 390, 4, 3, 3], [60, 30, 4, 3, 3]);
  expect([...pair.reference]).toEqual([600, 400]);
  expect([...pair.current]).toEqual([60, 40]);
  const many = poolRareBins([500, 400, 40, 30, 30], [50, 30, 10, 10, 0]);
  expect([...many.reference]).toEqual([500, 400, 100]);
  expect([...many.current]).toEqual([50, 30, 20]);
});

test('bins empty in both vanish, and rows that only the window has are kept', () => {
  expect([...poolRareBins([100, 0, 100], [10, 0, 10]).reference]).toEqual([100, 100]);
  expect([...poolRareBins([100, 0, 200], [10, 7, 10]).current]).toEqual([17, 10]);
  expect(poolRareBins([0, 0], [0, 0]).reference.length).toBe(0);
});
