import { expect, test } from 'vitest';
import { goldens } from './fixtures/goldens.ts';
import { measureShareEffect, risingShare } from './rising-share.ts';

test('the difference and its exact p-value agree with SciPy', () => {
  for (const { reference, current, designEffect, difference, pValue } of goldens.shares) {
    const rise = risingShare(reference, current, designEffect);
    expect(rise?.difference).toBeCloseTo(difference, 12);
    expect((rise?.pValue ?? 0) / pValue).toBeCloseTo(1, 8);
  }
});

test('a fall is no rise, and no rows are no verdict', () => {
  expect(risingShare({ count: 50, rows: 100 }, { count: 1, rows: 100 }, 1)?.pValue).toBe(1);
  expect(risingShare({ count: 0, rows: 0 }, { count: 1, rows: 100 }, 1)).toBeNull();
  expect(risingShare({ count: 0, rows: 10 }, { count: 0, rows: 0 }, 1)).toBeNull();
});

test('days that are missing as a whole have a design effect of about their rows', () => {
  const days = Array.from({ length: 100 }, (_, day) => ({ count: day % 20 === 0 ? 200 : 0, rows: 200 }));
  expect(measureShareEffect(days)).toBeGreaterThan(150);
  expect(measureShareEffect(days.map(({ rows }) => ({ count: 0, rows })))).toBe(1);
  expect(measureShareEffect(days.slice(0, 13))).toBeNull();
});
