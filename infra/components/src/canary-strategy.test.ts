import { expect, test } from 'vitest';
import { canaryStrategy } from './canary-strategy.ts';

test('each share below 100 is set and held, and no replica goes before another is ready', () => {
  const { steps, maxUnavailable } = canaryStrategy('bike-demand', [25, 50, 100], 300);
  expect(steps).toEqual([
    { setWeight: 25 },
    { pause: { duration: '300s' } },
    { setWeight: 50 },
    { pause: { duration: '300s' } },
  ]);
  expect(maxUnavailable).toBe(0);
});

test('a model that goes to all at once has no steps', () => {
  expect(canaryStrategy('bike-demand', [100], 300).steps).toEqual([]);
});
