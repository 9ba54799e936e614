import { expect, test } from 'vitest';
import { calibrationSlope } from './calibration-slope.ts';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose, expectCloseRecord } from './fixtures/goldens.ts';
import { createRandom } from './random.ts';

const { labels, probabilities, sureProbabilities, clusters } = goldens.columns;
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

/** What `simulate` shows of a slope of 1 with a spread of 0.8, in four million rows: shifts flatten the line. */
const LIMIT = { slope: 0.897, intercept: 0.001 };

/** Labels of 40 clusters of 25 rows: their log-odds are a line of those stated, and a shift of the cluster. */
function simulate(seed: number, intercept: number, slope: number, spread: number) {
  const random = createRandom(seed);
  const shifts = Array.from({ length: 40 }, () => spread * random.normal());
  const cluster = Array.from({ length: 1000 }, (_, row) => Math.floor(row / 25));
  const stated = cluster.map(() => 1.5 * random.normal() - 1);
  const drawn = stated.map((logOdds, row) => {
    const trueLogOdds = intercept + slope * logOdds + (shifts[cluster[row] as number] as number);
    return random.next() < sigmoid(trueLogOdds) ? 1 : 0;
  });
  return [drawn, stated.map(sigmoid), cluster] as const;
}

test('line and standard errors agree with statsmodels, of independent rows and of clusters', () => {
  const [byRow, byCluster] = goldens.calibrationLines.probabilities;
  expectCloseRecord(calibrationSlope(labels, probabilities), byRow);
  expectCloseRecord(calibrationSlope(labels, probabilities, clusters), byCluster);
});

test('probabilities of 0 and 1 count as one in a million', () => {
  const [byRow, byCluster] = goldens.calibrationLines.sureProbabilities;
  expectCloseRecord(calibrationSlope(labels, sureProbabilities), byRow);
  expectCloseRecord(calibrationSlope(labels, sureProbabilities, clusters), byCluster);
  const cutOff = sureProbabilities.map((probability) => Math.min(1 - 1e-6, Math.max(1e-6, probability)));
  expectCloseRecord(calibrationSlope(labels, cutOff), byRow);
});

test('it finds the line that the labels were drawn from', () => {
  for (const [intercept, slope] of [
    [0, 1],
    [0.5, 0.6],
    [-1, 1.7],
  ] as const) {
    const line = calibrationSlope(...simulate(1, intercept, slope, 0));
    expect(Math.abs(line.slope - slope) / line.slopeStandardError).toBeLessThan(3);
    expect(Math.abs(line.intercept - intercept) / line.interceptStandardError).toBeLessThan(3);
  }
});

test('calling the classes by the other name keeps the slope and turns the intercept', () => {
  const line = calibrationSlope(labels, probabilities);
  const other = calibrationSlope(
    labels.map((label) => 1 - label),
    probabilities.map((probability) => 1 - probability),
  );
  expectClose(other.slope, line.slope);
  expectClose(other.intercept, -line.intercept);
});

test('a line far from the calibrated one is found too', () => {
  const far = calibrationSlope([0, 0, 0, 1, 1, 0, 1, 1], [0.99, 0.95, 0.9, 0.8, 0.7, 0.65, 0.01, 0.001]);
  expect(far.slope).toBeLessThan(0);
  const steep = calibrationSlope([0, 0, 1, 0, 1, 1], [0.501, 0.502, 0.503, 0.504, 0.505, 0.506]);
  expect(steep.slope).toBeGreaterThan(100);
  expect(Number.isFinite(steep.slopeStandardError)).toBe(true);
});

test('probabilities that hardly differ still have their line', () => {
  const spread = (width: number) =>
    calibrationSlope(
      labels,
      probabilities.map((p) => sigmoid(width * (p - 0.5) - 2)),
    );
  const [wide, narrow] = [spread(1), spread(1e-6)];
  expectClose(narrow.slope * 1e-6, wide.slope, 1e-7);
  expectClose(narrow.slopeStandardError * 1e-6, wide.slopeStandardError, 1e-7);
});

test('with clusters the interval covers the truth about as often as it says, without it is falsely sure', () => {
  const covers = (estimate: number, error: number, truth: number) => Math.abs(estimate - truth) < 1.96 * error;
  let [slopes, intercepts, naive] = [0, 0, 0];
  for (let run = 0; run < 300; run++) {
    const [drawn, stated, cluster] = simulate(run, 0, 1, 0.8);
    const line = calibrationSlope(drawn, stated, cluster);
    const alone = calibrationSlope(drawn, stated);
    if (covers(line.slope, line.slopeStandardError, LIMIT.slope)) slopes++;
    if (covers(line.intercept, line.interceptStandardError, LIMIT.intercept)) intercepts++;
    if (covers(alone.intercept, alone.interceptStandardError, LIMIT.intercept)) naive++;
  }
  for (const covered of [slopes, intercepts]) {
    expect(covered / 300).toBeGreaterThan(0.9);
    expect(covered / 300).toBeLessThan(0.98);
  }
  expect(naive / 300).toBeLessThan(0.82);
});

const rest = 'allowed: classes whose probabilities overlap; do this: widen the selection, or report no slope.';
const received = 'a class that is absent, or probabilities that split the classes or are all the same';

test.each([
  ['a class is absent', [1, 1, 1], [0.1, 0.2, 0.3]],
  ['all probabilities are the same', [0, 1, 1], [0.3, 0.3, 0.3]],
  ['the probabilities split the classes', [0, 0, 1, 1], [0.1, 0.2, 0.3, 0.4]],
  ['they split them the wrong way', [1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4]],
  ['they split them but for a value of both', [0, 0, 1, 1], [0.1, 0.2, 0.2, 0.4]],
  ['they do so the wrong way', [1, 1, 0, 0], [0.1, 0.2, 0.2, 0.4]],
])('without a best line it refuses: %s', (_, drawn, stated) => {
  expect(() => calibrationSlope(drawn, stated)).toThrow(new RangeError(`labels: received ${received}; ${rest}`));
});

test('bad columns and a single cluster are refused', () => {
  expect(() => calibrationSlope([0, 1], [0.5])).toThrow(/^probabilities: received 1 rows; allowed: 2 rows/);
  expect(() => calibrationSlope([0, 1], [0.5, 0.4], [1])).toThrow(/^clusters: received 1 rows; allowed: 2 rows/);
  expect(() => calibrationSlope([0, 5], [0.5, 0.4])).toThrow(/^labels\[1\]: received 5; allowed: 0 or 1/);
  expect(() => calibrationSlope([0, 1], [0.5, -0.4])).toThrow(/^probabilities\[1\]: received -0.4; allowed: a prob/);
  expect(() =>
    calibrationSlope(
      labels,
      probabilities,
      labels.map(() => 7),
    ),
  ).toThrow(
    new RangeError(
      'clusters: received 1 cluster; allowed: at least 2; do this: choose smaller clusters, or pass none.',
    ),
  );
});
