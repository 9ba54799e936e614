import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { psi, psiAgainst, psiNullQuantile } from './psi.ts';
import { createRandom, type Random } from './random.ts';

const histogram = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 4 });

/** Counts of so many rows that fall into bins of equal probability. */
function drawHistogram(random: Random, bins: number, rows: number): Float64Array {
  const counts = new Float64Array(bins);
  for (let row = 0; row < rows; row++) {
    const bin = random.integer(bins);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return counts;
}

test('it and its null agree with NumPy and SciPy', () => {
  for (const { countsA, countsB, psi: expected } of goldens.histograms) expectClose(psi(countsA, countsB), expected);
  for (const [probability, bins, n, m, expected] of goldens.psiNullQuantile)
    expectClose(psiNullQuantile(probability, bins, n, m), expected);
});

test('it is symmetric, never negative, and 0 for the same histogram', () => {
  fc.assert(
    fc.property(histogram, histogram, (a, b) => {
      const [some, others] = [
        [...a, 1],
        [...b, 1],
      ];
      expect(psi(some, others)).toBeGreaterThanOrEqual(0);
      expectClose(psi(some, others), psi(others, some));
      expect(psi(some, some)).toBe(0);
    }),
  );
});

test('against one histogram it is the same, and NaN for no rows', () => {
  const against = psiAgainst([9, 40, 0, 5]);
  for (const current of [
    [9, 30, 7, 0],
    [9, 40, 0, 5],
    [0, 0, 0, 1],
  ])
    expect(against(Float64Array.from(current))).toBe(psi([9, 40, 0, 5], current));
  expect(against(new Float64Array(4))).toBeNaN();
  expect(() => psiAgainst([0, 0])).toThrow('reference');
});

test('the order of the bins does not matter, and an empty bin is finite', () => {
  expectClose(psi([5, 0, 9, 40], [0, 7, 9, 30]), psi([9, 40, 0, 5], [9, 30, 7, 0]));
  expect(Number.isFinite(psi([0, 10], [10, 0]))).toBe(true);
});

test('without drift 5 % of windows exceed the 95 % null quantile and 0.1 % the 99.9 % one', () => {
  const random = createRandom(3);
  const exceeded = { often: 0, rarely: 0 };
  const often = psiNullQuantile(0.95, 10, 2000, 500);
  const rarely = psiNullQuantile(0.999, 10, 2000, 500);
  for (let window = 0; window < 3000; window++) {
    const distance = psi(drawHistogram(random, 10, 2000), drawHistogram(random, 10, 500));
    if (distance > often) exceeded.often++;
    if (distance > rarely) exceeded.rarely++;
  }
  expect(exceeded.often / 3000).toBeGreaterThan(0.038); // three standard deviations are 0.012
  expect(exceeded.often / 3000).toBeLessThan(0.062);
  expect(exceeded.rarely).toBeLessThanOrEqual(10); // 3 expected
});

test('a shift of a quarter of a standard deviation exceeds the null quantile of 1000 rows', () => {
  const random = createRandom(4);
  const binOf = (value: number) => Math.min(9, Math.max(0, Math.floor(2 * value + 5)));
  const shifted = [new Float64Array(10), new Float64Array(10)] as const;
  for (let row = 0; row < 20_000; row++) {
    const [counts, value] = row < 19_000 ? [shifted[0], random.normal()] : [shifted[1], random.normal() + 0.25];
    const bin = binOf(value);
    counts[bin] = (counts[bin] as number) + 1;
  }
  expect(psi(...shifted)).toBeGreaterThan(psiNullQuantile(0.999, 10, 19_000, 1000));
});

test('a null without two bins, rows or a probability is refused', () => {
  expect(() => psiNullQuantile(0.95, 1, 10, 10)).toThrow(/^bins: received 1; allowed: an integer of at least 2/);
  expect(() => psiNullQuantile(0.95, 3, 0, 10)).toThrow(/^n: received 0; allowed: an integer of at least 1/);
  expect(() => psiNullQuantile(0.95, 3, 10, 0.5)).toThrow(/^m: received 0.5; allowed: an integer of at least 1/);
  expect(() => psiNullQuantile(95, 3, 10, 10)).toThrow(/^probability: received 95; allowed: a number from 0 to 1/);
});
