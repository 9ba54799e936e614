import fc from 'fast-check';
import { expect, test } from 'vitest';
import { portableLog } from './portable-log.ts';

test('it agrees with Math.log to 6e-16 over the whole of (0, 1)', () => {
  const uniforms = fc.double({ min: Number.MIN_VALUE, max: 1, maxExcluded: true, noNaN: true });
  const nearOne = fc.integer({ min: 1, max: 2 ** 30 }).map((steps) => 1 - steps * 2 ** -53);
  const besideReduction = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((steps) => Math.SQRT1_2 + steps * 2 ** -53);
  fc.assert(
    fc.property(fc.oneof(uniforms, nearOne, besideReduction), (x) => {
      expect(Math.abs(portableLog(x) / Math.log(x) - 1)).toBeLessThan(6e-16);
    }),
    { numRuns: 2000 },
  );
});
