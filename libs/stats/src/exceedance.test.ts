import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exceedance } from './exceedance.ts';

/** 1 % above 12, the middle of the bin of 2 %. */
const reference = [100, 400, 300, 180, 20, 0, 0];
const bounds = [1, 2, 4, 8, 16, 32];

test('equal sides differ by nothing, and the quantile is interpolated within its bin', () => {
  const found = exceedance(reference, reference, { tail: 0.01, bounds });
  expect(found?.quantile).toBeCloseTo(12, 9);
  expect(found?.difference).toBeCloseTo(0, 12);
  const counts = fc
    .array(fc.nat(500), { minLength: 7, maxLength: 7 })
    .filter((bins) => bins.slice(0, 6).some((n) => n > 0));
  fc.assert(
    fc.property(counts, fc.double({ min: 0.001, max: 0.9, noNaN: true }), (bins, tail) => {
      const same = exceedance(bins, bins, { tail, bounds });
      if (same !== null) expect(same.difference).toBeCloseTo(0, 9);
    }),
  );
});

test('with a stretch only what exceeds so many times the quantile counts', () => {
  const differenceAt = (stretch: number) =>
    exceedance(reference, reference, { tail: 0.01, bounds, stretch })?.difference;
  // Above 15 there are a quarter as many as above 12, above 24 none.
  expect(differenceAt(1.25)).toBeCloseTo(0.0025 - 0.01, 12);
  expect(differenceAt(2)).toBeCloseTo(-0.01, 12);
  expect(differenceAt(100)).toBeCloseTo(-0.01, 12);
});

test('a side that is slower throughout exceeds it with all', () => {
  expect(exceedance([0, 0, 0, 0, 0, 300, 0], reference, { tail: 0.01, bounds })?.difference).toBeCloseTo(0.99, 12);
});

test('a quantile above the last bound is not there', () => {
  expect(exceedance(reference, [0, 0, 0, 0, 0, 980, 20], { tail: 0.01, bounds })).toBeNull();
  expect(exceedance(reference, [0, 0, 0, 0, 0, 990, 10], { tail: 0.01, bounds })?.quantile).toBe(32);
});

test('a single bin, other bins, no values and questions without an answer are refused', () => {
  const question = { tail: 0.01, bounds: [1] };
  expect(() => exceedance([3], [3], { ...question, bounds: [] })).toThrow(/^counts: received 1 bin/);
  expect(() => exceedance([1, 2], [1, 2, 3], question)).toThrow(/^reference: received 3 rows/);
  expect(() => exceedance([1, 2], [0, 0], question)).toThrow(/^reference: received no rows/);
  expect(() => exceedance([1, 2], [1, 2], { ...question, bounds: [1, 2] })).toThrow(/^bounds: received 2/);
  expect(() => exceedance([1, 2], [1, 2], { ...question, stretch: 0.5 })).toThrow(/^stretch: received 0.5/);
  expect(() => exceedance([1, 2], [1, 2], { ...question, tail: 2 })).toThrow(/^tail: received 2/);
});
