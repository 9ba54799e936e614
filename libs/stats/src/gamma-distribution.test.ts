import { expect, test } from 'vitest';
import { expectGolden } from './fixtures/distribution-goldens.ts';
import { gammaCdf, gammaTail } from './gamma-distribution.ts';

test('it agrees with SciPy at scales of 0.01 and 40', () => {
  expectGolden('gammaCdf', gammaCdf);
  expectGolden('gammaTail', gammaTail);
});

test('a shape or scale that is not above 0 is refused', () => {
  for (const call of [gammaCdf, gammaTail]) {
    expect(() => call(1, 0, 1)).toThrow(/^shape: received 0; allowed: a number above 0, at most 1e9/);
    expect(() => call(1, 1, 0)).toThrow(/^scale: received 0; allowed: a number above 0, at most 1e9/);
  }
});
