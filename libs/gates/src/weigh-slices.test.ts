import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { type MeasuredSlice, weighSlices } from './weigh-slices.ts';

const slice = (name: string, estimate: number, standardError: number, at = 0.05): MeasuredSlice => ({
  name,
  rows: 300,
  interval: { estimate, lower: estimate - 2 * standardError, upper: estimate + 2 * standardError, standardError },
  limit: { good: 'at most', at },
  found: 'Found.',
  todo: 'Do.',
});

test('a slice fails that is worse by more than the limit for certain, and the worst come first', () => {
  const checks = weighSlices([slice('a', 0, 0.01), slice('b', 0.2, 0.01), slice('c', 0.04, 0.02)]);
  expect(checks.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['b', 'fail'],
    ['c', 'inconclusive'],
    ['a', 'pass'],
  ]);
});

test('one that could be the unluckiest of many is not called worse', () => {
  const unlucky = slice('unlucky', 0.1, 0.045, 0.005);
  expect(weighSlices([unlucky])[0]?.outcome).toBe('fail');
  const many = Array.from({ length: 60 }, (_, i) => slice(`${i}`, 0, 0.001, 0.005));
  expect(weighSlices([...many, unlucky])[0]).toMatchObject({ name: 'unlucky', outcome: 'inconclusive' });
});

test('of a hundred slices without any difference hardly one is called worse than nothing', () => {
  const random = createRandom(1);
  const slices = Array.from({ length: 100 }, (_, i) => slice(`${i}`, 0.01 * random.normal(), 0.01, 0));
  expect(weighSlices(slices).filter(({ outcome }) => outcome === 'fail')).toEqual([]);
});

test('equal losses without any spread are no worse, and no slices are no checks', () => {
  expect(weighSlices([slice('same', 0, 0)])[0]?.outcome).toBe('pass');
  expect(weighSlices([slice('worse', 0.1, 0)])[0]?.outcome).toBe('fail');
  expect(weighSlices([])).toEqual([]);
});
