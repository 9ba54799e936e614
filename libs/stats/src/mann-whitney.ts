import { type Column, refusal } from './column.ts';
import { mean } from './mean.ts';
import { normalCdf } from './normal-distribution.ts';
import { checkLevel } from './parameter.ts';
import { placements } from './placements.ts';
import type { Interval } from './proportion.ts';
import { sortedSample } from './sorted-sample.ts';
import { superiorityInterval } from './superiority-interval.ts';

/** What the test says of two independent samples. */
export interface MannWhitneyResult extends Interval {
  /** Pairs in which A is larger, ties counting half. */
  readonly u: number;
  /** Standardised u, half a pair closer to 0; positive when A tends to be larger. */
  readonly z: number;
  /** Two-sided p-value of "both samples have the same distribution". */
  readonly pValue: number;
  /** Probability that a value of A is larger than one of B, ties counting half; `lower` and `upper` are its interval. */
  readonly superiority: number;
}

/**
 * The test of Mann and Whitney (Wilcoxon's rank-sum test) by its normal limit, corrected for continuity and ties; good
 * from about 8 values in each sample. The interval of the effect holds for different distributions too. O(n log n).
 * Infinite values are allowed, because only order counts.
 * Throws RangeError when a sample has fewer than 2 values, a value is NaN or the level of the interval outside (0, 1).
 * Source: H. Mann, D. Whitney, Annals of Mathematical Statistics 18 (1947).
 */
export function mannWhitney(valuesA: Column, valuesB: Column, level = 0.95): MannWhitneyResult {
  const a = sample('valuesA', valuesA);
  const b = sample('valuesB', valuesB);
  checkLevel(level);
  const aboveB = placements(a, b);
  const pairs = a.length * b.length;
  const u = Math.round(2 * mean(aboveB) * pairs) / 2; // a whole number of halves: this takes the rounding away
  const excess = Math.abs(u - pairs / 2) - 0.5;
  const deviation = Math.sqrt((pairs / 12) * (a.length + b.length + 1 - tieCorrection(a, b)));
  const z = deviation === 0 ? 0 : Math.max(0, excess) / deviation;
  return {
    u,
    z: u < pairs / 2 ? -z : z,
    pValue: deviation === 0 ? 1 : Math.min(1, 2 * normalCdf(-excess / deviation)),
    superiority: u / pairs,
    ...superiorityInterval(aboveB, placements(b, a), level),
  };
}

/** The sum of t^3 - t over the groups of t equal values, over n (n - 1). */
function tieCorrection(a: Float64Array, b: Float64Array): number {
  const pooled = new Float64Array(a.length + b.length);
  pooled.set(a);
  pooled.set(b, a.length);
  pooled.sort();
  let sum = 0;
  for (let start = 0, end = 0; start < pooled.length; start = end) {
    while (pooled[end] === pooled[start] && end < pooled.length) end++;
    sum += (end - start) ** 3 - (end - start);
  }
  return sum / pooled.length / (pooled.length - 1);
}

function sample(name: string, values: Column): Float64Array {
  const sorted = sortedSample(name, values);
  if (sorted.length < 2) throw refusal(name, '1 value', 'at least 2', 'collect more values, or report no test');
  return sorted;
}
