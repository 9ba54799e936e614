import { type ClassScores, splitByClass } from './class-scores.ts';
import { type Column, refusal } from './column.ts';
import { mean } from './mean.ts';
import { normalCdf, normalQuantile } from './normal-distribution.ts';
import { placements } from './placements.ts';

/** What DeLong's test says of two models scored on the same rows. */
export interface DelongResult {
  readonly aucA: number;
  readonly aucB: number;
  /** aucA - aucB: positive when A is better. */
  readonly difference: number;
  readonly standardError: number;
  /** difference / standardError; 0 when both are 0, infinite when only the standard error is. */
  readonly z: number;
  /** Two-sided p-value of "both AUC are equal". */
  readonly pValue: number;
  /** 95 % confidence interval of the difference. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * DeLong's test for the difference of two correlated AUC; O(n log n). Rows are taken as independent: when they come in
 * clusters (the flights of a day), its interval is too narrow and `pairedBootstrap` with `aucDifference` is the one to use.
 * Throws RangeError when a column is empty or of another length, a label is not 0 or 1, a score is NaN or a class has
 * fewer than 2 rows.
 * Source: E. DeLong, D. DeLong, D. Clarke-Pearson, Biometrics 44 (1988), computed as in Sun and Xu (2014).
 */
export function delong(labels: Column, scoresA: Column, scoresB: Column): DelongResult {
  const [a, b] = splitByClass(labels, { scoresA, scoresB }) as [ClassScores, ClassScores];
  if (Math.min(a.positives.length, a.negatives.length) < 2) {
    const received = `${a.positives.length} rows of 1 and ${a.negatives.length} of 0`;
    throw refusal('labels', received, 'at least 2 rows of each class', 'widen the selection, or report no test');
  }
  const positivesA = placements(a.positives, a.negatives);
  const positivesB = placements(b.positives, b.negatives);
  const aucA = mean(positivesA);
  const aucB = mean(positivesB);
  // A negative's placement among the positives is one minus its component, which leaves variances as they are.
  const negativesA = placements(a.negatives, a.positives);
  const negativesB = placements(b.negatives, b.positives);
  const difference = mean(subtract(positivesA, positivesB));
  const variance = varianceOfMean(subtract(positivesA, positivesB)) + varianceOfMean(subtract(negativesA, negativesB));
  const standardError = Math.sqrt(variance);
  const z = difference === 0 ? 0 : difference / standardError;
  const margin = normalQuantile(0.975) * standardError;
  return {
    aucA,
    aucB,
    difference,
    standardError,
    z,
    pValue: 2 * normalCdf(-Math.abs(z)),
    lower: difference - margin,
    upper: difference + margin,
  };
}

const subtract = (a: Float64Array, b: Float64Array) => a.map((value, index) => value - (b[index] as number));

function varianceOfMean(values: Float64Array): number {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2)) / (values.length - 1);
}
