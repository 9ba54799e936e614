import { expect, test } from 'vitest';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectCloseRecord } from './fixtures/goldens.ts';
import { createRandom } from './random.ts';
import { spiegelhalter } from './spiegelhalter.ts';

const { labels, probabilities } = goldens.columns;

test('it agrees with the formula in NumPy', () => {
  expectCloseRecord(spiegelhalter(labels, probabilities), goldens.spiegelhalter);
});

test('calling the classes by the other name changes nothing', () => {
  const other = spiegelhalter(
    labels.map((label) => 1 - label),
    probabilities.map((probability) => 1 - probability),
  );
  expectCloseRecord(other, goldens.spiegelhalter);
});

/** The tests of 400 data sets whose true probabilities are `share` times as far from 1/2 as those stated. */
function simulate(share: number) {
  const random = createRandom(12);
  return Array.from({ length: 400 }, () => {
    const stated = Array.from({ length: 500 }, random.next);
    const drawn = stated.map((probability) => (random.next() < 0.5 + share * (probability - 0.5) ? 1 : 0));
    return spiegelhalter(drawn, stated);
  });
}

test('of calibrated probabilities it rejects about 5 %', () => {
  const rejected = simulate(1).filter(({ pValue }) => pValue < 0.05).length / 400;
  expect(rejected).toBeGreaterThan(0.017); // three standard deviations are 0.033
  expect(rejected).toBeLessThan(0.083);
});

test('of probabilities that are too sure it rejects nearly all, with a positive z', () => {
  const found = simulate(0.6).filter(({ z, pValue }) => z > 0 && pValue < 0.05).length / 400;
  expect(found).toBeGreaterThan(0.95);
});

test('bad columns and probabilities that say nothing are refused', () => {
  expect(() => spiegelhalter([], [])).toThrow(/^labels: received 0 rows; allowed: at least 1 row/);
  expect(() => spiegelhalter([1, 3], [0.2, 0.3])).toThrow(/^labels\[1\]: received 3; allowed: 0 or 1/);
  expect(() => spiegelhalter([1, 0], [0.2, 1.3])).toThrow(/^probabilities\[1\]: received 1.3; allowed: a probability/);
  expect(() => spiegelhalter([1, 0, 1], [1, 0, 0.5])).toThrow(
    new RangeError(
      'probabilities: received only 0, 1/2 and 1; allowed: another probability; do this: report no test of calibration.',
    ),
  );
});
