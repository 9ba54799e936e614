import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { createRandom } from './random.ts';
import { binnedWasserstein, wasserstein } from './wasserstein.ts';

const sample = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 30 });

test('it agrees with SciPy, with ties and different sizes', () => {
  for (const { a, b, wasserstein: expected } of goldens.samples) expectClose(wasserstein(a, b), expected);
});

test('a shift is its own distance, and the unit is that of the values', () => {
  fc.assert(
    fc.property(sample, fc.double({ min: -10, max: 10, noNaN: true }), (values, shift) => {
      const moved = values.map((value) => value + shift);
      expect(Math.abs(wasserstein(values, moved) - Math.abs(shift))).toBeLessThan(1e-10);
      const doubled = [values, moved].map((each) => each.map((value) => 2 * value)) as [number[], number[]];
      expect(Math.abs(wasserstein(...doubled) - 2 * wasserstein(values, moved))).toBeLessThan(1e-10);
    }),
  );
});

test('it is symmetric, ignores the order of the values and obeys the triangle', () => {
  fc.assert(
    fc.property(sample, sample, sample, (a, b, c) => {
      expect(wasserstein(a.toReversed(), b)).toBe(wasserstein(a, b));
      expect(Math.abs(wasserstein(b, a) - wasserstein(a, b))).toBeLessThan(1e-10);
      expect(wasserstein(a, c)).toBeLessThanOrEqual(wasserstein(a, b) + wasserstein(b, c) + 1e-9);
    }),
  );
});

test('in fine bins it nears the distance of the samples', () => {
  const random = createRandom(2);
  const a = Array.from({ length: 5000 }, random.normal);
  const b = Array.from({ length: 3000 }, () => 0.3 + 1.2 * random.normal());
  const edges = Array.from({ length: 1201 }, (_, edge) => edge / 100 - 6);
  const counts = [a, b].map((values) => {
    const histogram = new Float64Array(1200);
    for (const value of values) {
      const bin = Math.floor((value + 6) * 100);
      histogram[bin] = (histogram[bin] as number) + 1;
    }
    return histogram;
  }) as [Float64Array, Float64Array];
  expectClose(binnedWasserstein(edges, ...counts), wasserstein(a, b), 0.01);
});

test('samples without values and values that are not finite are refused', () => {
  expect(() => wasserstein([], [1])).toThrow(/^valuesA: received 0 rows; allowed: at least 1 row/);
  expect(() => wasserstein([1], [])).toThrow(/^valuesB: received 0 rows; allowed: at least 1 row/);
  expect(() => wasserstein([1, Infinity], [1])).toThrow(/^valuesA\[1\]: received Infinity; allowed: a finite number/);
  expect(() => wasserstein([1], [Number.NaN])).toThrow(/^valuesB\[0\]: received NaN; allowed: a finite number/);
});

test('edges that are not ascending, finite and one more than bins are refused', () => {
  expect(() => binnedWasserstein([0, 1], [1, 2], [1, 2])).toThrow(
    new RangeError(
      'edges: received 2 edges; allowed: 3, one more than bins; do this: leave out bins without two ends.',
    ),
  );
  expect(() => binnedWasserstein([0, 1, 1], [1, 2], [1, 2])).toThrow(
    new RangeError('edges[2]: received 1; allowed: a number above 1; do this: sort the edges, each once.'),
  );
  expect(() => binnedWasserstein([0, 1, Infinity], [1, 2], [1, 2])).toThrow(
    /^edges\[2\]: received Infinity; allowed: a finite number/,
  );
});
