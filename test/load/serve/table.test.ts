import { expect, test } from 'vitest';
import { median, percentile } from './percentile.ts';
import { renderTable } from './table.ts';

test('the table says what misses its bound, and says nothing of what has none', () => {
  const rows = [
    { what: 'trees', bound: '0.5 x floor', measured: '0.61', holds: true },
    { what: 'mlp', bound: '4 x floor', measured: '3.9', holds: false },
    { what: 'champion', bound: '', measured: '3,000/s', holds: null },
  ];
  expect(renderTable(rows).split('\n')).toEqual([
    '| what     | at least    | measured | verdict |',
    '|----------|-------------|----------|---------|',
    '| trees    | 0.5 x floor | 0.61     | holds   |',
    '| mlp      | 4 x floor   | 3.9      | MISSED  |',
    '| champion |             | 3,000/s  |         |',
  ]);
});

test('a percentile is the nearest rank upwards', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect([0.5, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 99, 100]);
  expect(median([3, 1, 2])).toBe(2);
  expect(percentile([], 0.5)).toBeNaN();
});
