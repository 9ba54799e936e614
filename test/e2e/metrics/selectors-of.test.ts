import { expect, test } from 'vitest';
import { selectorsOf } from './selectors-of.ts';

test('every vector selector of a query is found as it stands there, those of ranges and subqueries included', () => {
  expect(selectorsOf('sum by (le) (rate(a_bucket{le!="+Inf",x=~"b|c"}[5m])) / on (le) group_left () max(d)')).toEqual([
    'a_bucket{le!="+Inf",x=~"b|c"}',
    'd',
  ]);
  expect(selectorsOf('absent(model:x:ratio_rate5m{model="m"} == 1) or sum_over_time((sum(up))[1h:5s])')).toEqual([
    'model:x:ratio_rate5m{model="m"}',
    'up',
  ]);
  expect(selectorsOf('vector(1) > 0.5'), 'a query of nothing').toEqual([]);
});

test('what is no query is refused', () => {
  for (const broken of ['sum(rate(a[5m])', 'rate(a{b=})', ''])
    expect(() => selectorsOf(broken)).toThrow(/allowed: PromQL/);
});
