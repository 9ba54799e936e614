import { jensenShannonDistance } from '@repo/stats/jensen-shannon-distance';
import { expect, test } from 'vitest';
import { binnedKolmogorovSmirnov } from './binned-kolmogorov-smirnov.ts';
import { binEnds, binnedDeviation, binnedShift } from './binned-shift.ts';
import { goldens } from './fixtures/goldens.ts';

test('distances from bins agree with SciPy', () => {
  for (const golden of goldens.pairs) {
    const { reference, current, edges, range } = golden;
    expect(binnedKolmogorovSmirnov(reference, current)).toBeCloseTo(golden.kolmogorovSmirnov, 12);
    expect(jensenShannonDistance(reference, current)).toBeCloseTo(golden.jensenShannon, 12);
    expect(binnedDeviation(binEnds(edges, range), reference)).toBeCloseTo(golden.deviation, 10);
    expect(binnedShift(edges, range, reference, current)?.distance).toBeCloseTo(golden.shift, 5);
  }
});

test('a feature of one value, without a bin or without rows has no shift', () => {
  expect(binnedShift([], null, [5], [5])).toBeNull();
  expect(binnedShift([1], null, [0, 0], [1, 2])).toBeNull();
  expect(binnedShift([1], null, [5, 5], [0, 0])).toBeNull();
  expect(binnedKolmogorovSmirnov([0], [3])).toBeNaN();
});

test('ends stay finite and rise, whatever the range', () => {
  for (const range of [null, [2, 3], [0, 0], [-1e30, 1e30]] as const)
    for (const edges of [[1], [1, 2], [-5, -4.999999, 7]]) {
      const ends = binEnds(edges, range);
      expect(ends.length).toBe(edges.length + 2);
      expect(ends.every((end, i) => Number.isFinite(end) && (i === 0 || end > (ends[i - 1] as number)))).toBe(true);
    }
});
