import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectCloseRecord } from './fixtures/goldens.ts';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts';
import { createRandom } from './random.ts';

test('it agrees with the exact test of SciPy, with ties and different sizes', () => {
  for (const { a, b, kolmogorovSmirnov: expected } of goldens.samples)
    expectCloseRecord(kolmogorovSmirnov(a, b), expected);
});

test("past a million pairs the p-value is that of Kolmogorov's limit", () => {
  const a = Array.from({ length: 1100 }, (_, row) => (row * row) % 1511);
  const b = Array.from({ length: 1000 }, (_, row) => (row * row * 3 + row) % 1523);
  expectCloseRecord(kolmogorovSmirnov(a, b), goldens.largeKolmogorovSmirnov);
});

test('only the order of the values counts, and the samples may change places', () => {
  const sample = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(sample, sample, (a, b) => {
      const result = kolmogorovSmirnov(a, b);
      const stretched = [a, b].map((values) => values.map((value) => Math.exp(value / 10))) as [number[], number[]];
      expectCloseRecord(kolmogorovSmirnov(...stretched), result);
      expectCloseRecord(kolmogorovSmirnov(b.toReversed(), a), result);
    }),
  );
});

test('the same sample is no difference, and samples that do not meet are the largest', () => {
  expect(kolmogorovSmirnov([1, 2, 2], [2, 1, 2])).toEqual({ distance: 0, pValue: 1 });
  expectCloseRecord(kolmogorovSmirnov([1, 2, -Infinity], [3, 4, Infinity]), { distance: 1, pValue: 0.1 });
});

test('of equal distributions it calls about 5 % different, on either side of the exact range', () => {
  const random = createRandom(1);
  for (const size of [60, 1100]) {
    let rejected = 0;
    for (let run = 0; run < 400; run++) {
      const [a, b] = [0, 1].map(() => Array.from({ length: size }, random.next)) as [number[], number[]];
      if (kolmogorovSmirnov(a, b).pValue < 0.05) rejected++;
    }
    expect(rejected / 400).toBeGreaterThan(0.015); // steps of the distance make it a little less than 5 %;
    expect(rejected / 400).toBeLessThan(0.083); // three standard deviations are 0.033
  }
});

test('samples without values and NaN are refused', () => {
  expect(() => kolmogorovSmirnov([], [1])).toThrow(/^valuesA: received 0 rows; allowed: at least 1 row/);
  expect(() => kolmogorovSmirnov([1], [Number.NaN])).toThrow(
    /^valuesB\[0\]: received NaN; allowed: any number but NaN/,
  );
});
