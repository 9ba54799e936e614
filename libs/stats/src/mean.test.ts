import { expect, test } from 'vitest';
import { mean } from './mean.ts';

test('small values beside large ones are not lost', () => {
  expect(mean([1e16, 1, -1e16, 1])).toBe(0.5);
  expect(mean(new Float64Array(100_000).fill(0.1))).toBe(0.1);
});
