import { binomialAtMost } from './binomial-distribution.ts';
import { type Column, checkLabels, checkRows } from './column.ts';

/** What McNemar's test says of the decisions of two models on the same rows. */
export interface McnemarResult {
  /** Rows that only A decides rightly. */
  readonly onlyA: number;
  /** Rows that only B decides rightly. */
  readonly onlyB: number;
  /** Accuracy of A - accuracy of B. */
  readonly difference: number;
  /** Exact two-sided p-value of "both err equally often"; 1 when they never differ. */
  readonly pValue: number;
}

/**
 * McNemar's exact test of whether two models decide equally well. Only rows that one of them gets wrong count: each is a
 * fair coin when both are equally good. No mid-p, so it errs to the safe side. Rows are taken as independent.
 * Throws RangeError when a column is empty or of another length, or a label or decision is not 0 or 1.
 * Source: Q. McNemar, Psychometrika 12 (1947), with the binomial distribution for its chi-squared.
 */
export function mcnemar(labels: Column, decisionsA: Column, decisionsB: Column): McnemarResult {
  checkRows({ labels, decisionsA, decisionsB });
  checkLabels('labels', labels);
  checkLabels('decisionsA', decisionsA);
  checkLabels('decisionsB', decisionsB);
  let onlyA = 0;
  let onlyB = 0;
  for (let row = 0; row < labels.length; row++) {
    if (decisionsA[row] === decisionsB[row]) continue;
    if (decisionsA[row] === labels[row]) onlyA++;
    else onlyB++;
  }
  const pValue = Math.min(1, 2 * binomialAtMost(Math.min(onlyA, onlyB), onlyA + onlyB, 0.5));
  return { onlyA, onlyB, difference: (onlyA - onlyB) / labels.length, pValue };
}
