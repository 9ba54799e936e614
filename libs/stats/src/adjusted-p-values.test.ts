import fc from 'fast-check';
import { expect, test } from 'vitest';
import { benjaminiHochberg } from './benjamini-hochberg.ts';
import { goldens } from './fixtures/comparison-goldens.ts';
import { expectClose } from './fixtures/goldens.ts';
import { holm } from './holm.ts';
import { createRandom } from './random.ts';

const { pValues, ...adjusted } = goldens.adjusted;
const probabilities = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });
const methods = { holm, benjaminiHochberg };

test.each(Object.entries(methods))('%s agrees with SciPy or statsmodels, ties included', (name, adjust) => {
  adjust(pValues).forEach((value, test) => {
    expectClose(value, adjusted[name as keyof typeof methods][test] as number);
  });
});

test.each(Object.entries(methods))('%s lowers no p-value, keeps their order and ignores how they come', (_, adjust) => {
  fc.assert(
    fc.property(probabilities, (values) => {
      const result = adjust(values);
      const reversed = adjust(values.toReversed()).toReversed();
      values.forEach((value, test) => {
        expect(result[test]).toBeGreaterThanOrEqual(value);
        expect(result[test]).toBeLessThanOrEqual(1);
        expect(reversed[test]).toBe(result[test]);
        values.forEach((other, another) => {
          if (value < other) expect(result[test]).toBeLessThanOrEqual(result[another] as number);
        });
      });
    }),
  );
});

test('Holm is the stricter of the two, and both leave a single p-value alone', () => {
  fc.assert(
    fc.property(probabilities, (values) => {
      const strict = holm(values);
      benjaminiHochberg(values).forEach((value, test) => {
        expect(value).toBeLessThanOrEqual((strict[test] as number) + 1e-15);
      });
    }),
  );
  expect([...holm([0.3]), ...benjaminiHochberg([0.3])]).toEqual([0.3, 0.3]);
});

test('of true nulls Holm rejects any in about 5 %, and of a mixture about 5 % of those that are rejected are false', () => {
  const random = createRandom(8);
  let anyRejected = 0;
  let falseShare = 0;
  for (let run = 0; run < 1000; run++) {
    const nulls = Array.from({ length: 20 }, random.next);
    if (holm(nulls).some((value) => value <= 0.05)) anyRejected++;
    const mixture = nulls.map((value, test) => (test < 10 ? value : value * 1e-3));
    const rejected = [...benjaminiHochberg(mixture).keys()].filter(
      (test) => (benjaminiHochberg(mixture)[test] as number) <= 0.05,
    );
    falseShare += rejected.filter((test) => test < 10).length / Math.max(1, rejected.length);
  }
  expect(anyRejected / 1000).toBeGreaterThan(0.03); // three standard deviations are 0.02
  expect(anyRejected / 1000).toBeLessThan(0.07);
  expect(falseShare / 1000).toBeGreaterThan(0.015); // half of the tests are nulls, so 0.025 are expected
  expect(falseShare / 1000).toBeLessThan(0.035);
});

test.each(Object.entries(methods))('%s refuses what is no p-value', (_, adjust) => {
  expect(() => adjust([])).toThrow(/^pValues: received 0 rows; allowed: at least 1 row/);
  for (const value of [-0.1, 1.1, Number.NaN])
    expect(() => adjust([0.5, value])).toThrow(
      new RangeError(
        `pValues[1]: received ${value}; allowed: a number from 0 to 1; do this: leave out tests that were not made.`,
      ),
    );
});
