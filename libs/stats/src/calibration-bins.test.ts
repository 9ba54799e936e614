import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CalibrationBin, calibrationBins } from './calibration-bins.ts';
import { expectCloseRecord, goldens } from './fixtures/goldens.ts';

const { labels, probabilities } = goldens.columns;

test('they agree with bins made from SciPy midranks', () => {
  const bins = calibrationBins(labels, probabilities);
  expect(bins).toHaveLength(goldens.calibration.bins.length);
  bins.forEach((bin, index) => {
    expectCloseRecord(bin, goldens.calibration.bins[index] as CalibrationBin);
  });
});

test('150 distinct probabilities make 15 bins of 10 rows', () => {
  const distinct = Array.from({ length: 150 }, (_, row) => ((row * 37) % 150) / 150);
  const bins = calibrationBins(
    distinct.map((probability) => (probability > 0.5 ? 1 : 0)),
    distinct,
  );
  expect(bins.map(({ count }) => count)).toEqual(new Array(15).fill(10));
});

test('one constant probability makes one bin with the share of positives', () => {
  expect(calibrationBins([0, 1, 0, 0], [0.5, 0.5, 0.5, 0.5])).toEqual([
    { meanPredicted: 0.5, observedShare: 0.25, count: 4 },
  ]);
});

test('row order changes nothing, no row is lost and bins ascend', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 16 })), { minLength: 1 });
  fc.assert(
    fc.property(rows, (drawn) => {
      const drawnLabels = drawn.map(([label]) => label);
      const sixteenths = drawn.map(([, sixteenth]) => sixteenth / 16);
      const bins = calibrationBins(drawnLabels, sixteenths);
      expect(calibrationBins(drawnLabels.toReversed(), sixteenths.toReversed())).toEqual(bins);
      expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(drawn.length);
      const means = bins.map(({ meanPredicted }) => meanPredicted);
      expect(means).toEqual(means.toSorted((a, b) => a - b));
    }),
  );
});
