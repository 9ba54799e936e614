import { expect, test } from 'vitest';
import { growthExponent } from './growth.ts';

const sizes = [1, 10, 30];

test('time that grows with the size has exponent 1, with its square 2, and not at all 0', () => {
  for (const exponent of [0, 1, 2])
    expect(growthExponent(sizes.map((size) => ({ size, seconds: 3 * size ** exponent })))).toBeCloseTo(exponent, 10);
});

test('one slow measurement tilts the line', () => {
  const slow = sizes.map((size) => ({ size, seconds: size === 30 ? 2 * size : size }));
  expect(growthExponent(slow)).toBeGreaterThan(1.15);
});
