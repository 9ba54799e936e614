import { normalQuantile } from './normal-distribution.ts';
import { checkLevel } from './parameter.ts';
import { checkProportion, type Interval, type Proportion } from './proportion.ts';

/**
 * Wilson's score interval of a probability: the values that a two-sided z test of level 1 - `level` does not reject.
 * Covers the truth about as often as `level` says, sometimes less; `clopperPearsonInterval` never covers it less often.
 * Throws RangeError when counts are no whole numbers, there is no trial, more successes than trials, or a level outside
 * (0, 1).
 * Source: E. Wilson, J. American Statistical Association 22 (1927).
 */
export function wilsonInterval(proportion: Proportion, level = 0.95): Interval {
  checkProportion(proportion);
  checkLevel(level);
  const { successes, trials } = proportion;
  const square = normalQuantile((1 + level) / 2) ** 2;
  const failures = trials - successes;
  const margin = Math.sqrt(square * ((successes * failures) / trials + square / 4));
  // Each bound from the end that it is near, so that a small one keeps its digits; none is ever beyond 0 or 1.
  const lowerBound = (count: number) => (count === 0 ? 0 : count ** 2 / trials / (count + square / 2 + margin));
  return { lower: lowerBound(successes), upper: 1 - lowerBound(failures) };
}
