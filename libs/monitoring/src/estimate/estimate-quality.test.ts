import { auc } from '@repo/stats/auc';
import { brier } from '@repo/stats/brier';
import { logLoss } from '@repo/stats/log-loss';
import { createRandom } from '@repo/stats/random';
import { describe, expect, test } from 'vitest';
import { estimateQuality } from './estimate-quality.ts';

/** Answers to rows around a place on the logit scale, and labels drawn by them. */
function draw(seed: number, rows: number, { at, flip = 0 }: { at: number; flip?: number }) {
  const random = createRandom(seed);
  const probabilities = Float64Array.from({ length: rows }, () => 1 / (1 + Math.exp(-(at + 1.2 * random.normal()))));
  const labels = probabilities.map((p) => Number(random.next() < p !== random.next() < flip));
  return { probabilities, labels, rows: new Float64Array(rows).fill(1) };
}

const estimateOf = (world: ReturnType<typeof draw>) =>
  estimateQuality(world, 0.5) as NonNullable<ReturnType<typeof estimateQuality>>;

describe.each([
  ['rows as ever', -1],
  ['rows that are harder', 0],
  ['rows that are far from all before', 2],
])('with %s', (_, at) => {
  const worlds = Array.from({ length: 60 }, (_unused, seed) => draw(100 + seed, 800, { at }));
  const estimates = worlds.map(estimateOf);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const errors = {
    logLoss: worlds.map(
      (w, i) =>
        (logLoss(w.labels, w.probabilities) - (estimates[i]?.logLoss.value ?? 0)) /
        (estimates[i]?.logLoss.standardError ?? 0),
    ),
    brier: worlds.map(
      (w, i) =>
        (brier(w.labels, w.probabilities) - (estimates[i]?.brier.value ?? 0)) /
        (estimates[i]?.brier.standardError ?? 0),
    ),
    auc: worlds.map(
      (w, i) =>
        (auc(w.labels, w.probabilities) - (estimates[i]?.auc?.value ?? 0)) / (estimates[i]?.auc?.standardError ?? 0),
    ),
  };

  test.each(Object.entries(errors))('the %s is estimated without bias, within its error', (_name, spreads) => {
    // The mean of 60 has a standard deviation of 0.13; four of these.
    expect(Math.abs(mean(spreads))).toBeLessThan(0.52);
    // A normal variable is 0.798 from its mean, on average; the mean of 60 such distances has a standard deviation of 0.078. An error that is too wide
    // hides as much as one that is too narrow.
    expect(Math.abs(mean(spreads.map(Math.abs)) - Math.sqrt(2 / Math.PI))).toBeLessThan(0.31);
  });

  test('the expected counts of wrong decisions are those that happen', () => {
    const missed = worlds.map(
      ({ labels, probabilities }) => labels.filter((y, i) => y === 1 && (probabilities[i] as number) < 0.5).length,
    );
    const expected = estimates.map(({ confusion }) => confusion.falseNegative);
    expect(mean(missed) / mean(expected)).toBeCloseTo(1, 1);
  });
});

test('of two kinds of rows the figures are those that a pencil gives', () => {
  // 300 rows of 0.2 and 100 of 0.9: 60 yeses among the first, 90 among the others.
  const found = estimateOf({
    probabilities: Float64Array.of(0.2, 0.9),
    labels: new Float64Array(),
    rows: Float64Array.of(300, 100),
  });
  const entropy = (p: number) => -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  expect(found.logLoss.value).toBeCloseTo((300 * entropy(0.2) + 100 * entropy(0.9)) / 400, 12);
  expect(found.brier.value).toBeCloseTo((300 * 0.16 + 100 * 0.09) / 400, 12);
  expect(found.yes).toEqual({
    value: expect.closeTo(150 / 400, 12),
    // Of 400 rows with a share of 0.375, each a yes or a no.
    standardError: expect.closeTo(Math.sqrt((0.375 * 0.625) / 400), 12),
  });
  // Of 150 yeses and 250 noes: 90 above 240 and level with 10, 60 level with 240.
  expect(found.auc?.value).toBeCloseTo((90 * (240 + 5) + 60 * 120) / (150 * 250), 12);
  expect(found.confusion).toEqual({
    truePositive: expect.closeTo(90, 9),
    falsePositive: expect.closeTo(10, 9),
    trueNegative: expect.closeTo(240, 9),
    falseNegative: expect.closeTo(60, 9),
  });
});

test('a world that answers otherwise is not seen: the estimate stays, the loss does not', () => {
  const [before, after] = [draw(1, 4000, { at: -1 }), draw(1, 4000, { at: -1, flip: 0.5 })];
  expect(estimateOf(after).logLoss.value).toBeCloseTo(estimateOf(before).logLoss.value, 9);
  const { value, standardError } = estimateOf(after).logLoss;
  expect(logLoss(after.labels, after.probabilities)).toBeGreaterThan(value + 20 * standardError);
});

test('one kind of row has no order, and none has no estimate', () => {
  expect(estimateQuality({ probabilities: [1], rows: [5] }, 0.5)).toMatchObject({ auc: null, yes: { value: 1 } });
  expect(estimateQuality({ probabilities: [], rows: [] }, 0.5)).toBeNull();
});
