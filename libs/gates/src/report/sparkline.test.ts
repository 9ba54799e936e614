import { expect, test } from 'vitest';
import { sparkline } from './sparkline.ts';

test('numbers become bars from nothing to the highest', () => {
  expect(sparkline([0, 1, 2, 3, 4, 5, 6, 7, 8], 8)).toBe('▁▂▃▄▅▆▇██');
});

test('what lies beyond is drawn at the edge, and what cannot be drawn at the bottom', () => {
  expect(sparkline([-1e308, 1e308, Number.NaN, Infinity], 1)).toBe('▁█▁█');
  expect(sparkline([0, 0], 0)).toBe('██');
  expect(sparkline([], 1)).toBe('');
});
