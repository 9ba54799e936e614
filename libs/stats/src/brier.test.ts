import { expect, test } from 'vitest';
import { brier } from './brier.ts';
import { expectClose, goldens } from './fixtures/goldens.ts';

test('it agrees with scikit-learn', () => {
  expectClose(brier(goldens.columns.labels, goldens.columns.probabilities), goldens.brier);
});

test('certain hits score 0, certain mistakes 1, the undecided 0.25', () => {
  expect(brier([0, 1], [0, 1])).toBe(0);
  expect(brier([0, 1], [1, 0])).toBe(1);
  expect(brier([0, 1], [0.5, 0.5])).toBe(0.25);
});
