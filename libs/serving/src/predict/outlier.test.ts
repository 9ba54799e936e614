import { expect, test } from 'vitest';
import { isOutlier, outlierRejected, pValue } from './outlier.ts';

test('p is the share of held-out scores at or above the score', () => {
  const scores = [1, 2, 2, 4];
  expect([0, 1, 2, 3, 4, 5].map((score) => pValue(scores, score))).toEqual([1, 1, 0.75, 0.25, 0.25, 0]);
});

test('a row is an outlier below p 0.005, and one that nobody judged is none', () => {
  expect(isOutlier({ score: 1, p: 0.0049 })).toBe(true);
  expect(isOutlier({ score: 1, p: 0.005 })).toBe(false);
  expect(isOutlier(null)).toBe(false);
});

test('a refused outlier tells its score and what is allowed', () => {
  const error = outlierRejected({ score: 0.7234, p: 0.001 });
  expect(error.code).toBe('rejected_input');
  expect(error.message).toMatch(/received a row with outlier score 0\.723, p 0\.0010; allowed: .* p 0\.005 or more;/);
});
