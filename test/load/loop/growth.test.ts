import { expect, test } from 'vitest';
import { growthExponents } from './growth.ts';

const sizes = [10, 1, 30];
const timed = (seconds: (size: number) => number) => sizes.map((size) => ({ size, seconds: seconds(size) }));

test('time that grows with the size has exponent 1, with its square 2, and not at all 0', () => {
  for (const exponent of [0, 1, 2]) {
    const { overall, atTheEnd } = growthExponents(timed((size) => 3 * size ** exponent));
    expect(overall).toBeCloseTo(exponent, 10);
    expect(atTheEnd).toBeCloseTo(exponent, 10);
  }
});

test('one slow measurement tilts the line', () => {
  expect(growthExponents(timed((size) => (size === 30 ? 2 * size : size))).overall).toBeGreaterThan(1.15);
});

test('what a process needs to start hides a square from the line, and not from the two largest sizes', () => {
  const { overall, atTheEnd } = growthExponents(timed((size) => 20 + size ** 2 / 10));
  expect(overall).toBeLessThan(0.6);
  expect(atTheEnd).toBeGreaterThan(1.15);
});
