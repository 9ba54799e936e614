import { expect, test } from 'vitest';
import { auc } from './auc.ts';
import { expectClose, expectCloseRecord, goldens } from './fixtures/goldens.ts';
import { createRandom } from './random.ts';
import { type RocPoint, rocCurve } from './roc-curve.ts';

const { labels, scoresA } = goldens.columns;

function areaUnder(points: RocPoint[]): number {
  let area = 0;
  for (const [index, point] of points.entries()) {
    const before = points[index - 1] ?? point;
    const width = point.falsePositiveRate - before.falsePositiveRate;
    area += (width * (point.truePositiveRate + before.truePositiveRate)) / 2;
  }
  return area;
}

test('with room for every corner it is the curve of scikit-learn', () => {
  const points = rocCurve(labels, scoresA, 1000);
  expect(points).toHaveLength(goldens.roc.length);
  points.forEach((point, index) => {
    expectCloseRecord(point, goldens.roc[index] as RocPoint);
  });
});

test('the area under it is the AUC', () => {
  expectClose(areaUnder(rocCurve(labels, scoresA, 1000)), auc(labels, scoresA));
});

test('thinned, it keeps both ends, stays within its limit and loses little area', () => {
  const random = createRandom(4);
  const manyLabels = Array.from({ length: 20_000 }, () => random.integer(2));
  const manyScores = manyLabels.map((label) => label + random.normal());
  for (const maxPoints of [2, 3, 50, 200]) {
    const points = rocCurve(manyLabels, manyScores, maxPoints);
    expect(points.length).toBeLessThanOrEqual(maxPoints);
    expect(points[0]).toEqual({ falsePositiveRate: 0, truePositiveRate: 0 });
    expect(points.at(-1)).toEqual({ falsePositiveRate: 1, truePositiveRate: 1 });
  }
  const thinned = rocCurve(manyLabels, manyScores, 200);
  expect(thinned.length).toBeGreaterThan(190);
  expect(Math.abs(areaUnder(thinned) - auc(manyLabels, manyScores))).toBeLessThan(1e-4);
});

test.each([1, 2.5, Number.NaN])('maxPoints %s is refused', (maxPoints) => {
  expect(() => rocCurve([0, 1], [0, 1], maxPoints)).toThrow(
    new RangeError(
      `maxPoints: received ${maxPoints}; allowed: an integer of at least 2; do this: pass 200 for a smooth chart.`,
    ),
  );
});
