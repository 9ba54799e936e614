import { betaQuantile } from './beta-distribution.ts';
import { checkLevel } from './parameter.ts';
import { checkProportion, type Interval, type Proportion } from './proportion.ts';

/**
 * The exact interval of a probability: the values that neither binomial tail of (1 - `level`) / 2 rejects. It covers the
 * truth at least as often as `level` says, which makes it wide for few trials.
 * Throws RangeError when counts are no whole numbers, there is no trial, or more successes, or a level outside (0, 1).
 * Source: C. Clopper, E. Pearson, Biometrika 26 (1934), by quantiles of the beta distribution.
 */
export function clopperPearsonInterval(proportion: Proportion, level = 0.95): Interval {
  checkProportion(proportion);
  checkLevel(level);
  const { successes, trials } = proportion;
  const tail = (1 - level) / 2;
  const failures = trials - successes;
  return {
    lower: successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
    upper: failures === 0 ? 1 : betaQuantile(1 - tail, successes + 1, failures),
  };
}
