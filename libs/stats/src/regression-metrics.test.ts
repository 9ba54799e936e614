import { expect, test } from 'vitest';
import { expectClose, goldens } from './fixtures/goldens.ts';
import { meanAbsoluteError, meanSquaredError, rSquared } from './regression-metrics.ts';

const { targets, predictions } = goldens.columns;

test('they agree with scikit-learn', () => {
  expectClose(meanSquaredError(targets, predictions), goldens.meanSquaredError);
  expectClose(meanAbsoluteError(targets, predictions), goldens.meanAbsoluteError);
  expectClose(rSquared(targets, predictions), goldens.rSquared);
});

test('R squared is 1 for a perfect model, 0 for the mean and negative below it', () => {
  expect(rSquared([1, 2, 3], [1, 2, 3])).toBe(1);
  expect(rSquared([1, 2, 3], [2, 2, 2])).toBe(0);
  expect(rSquared([1, 2, 3], [3, 2, 1])).toBe(-3);
});

test('R squared of targets that do not vary is refused', () => {
  expect(() => rSquared([0.1, 0.1, 0.1], [1, 2, 3])).toThrow(
    new RangeError(
      'targets: received 0.1 in every row; allowed: targets that vary; ' +
        'do this: widen the selection, or report no R squared.',
    ),
  );
});
