import { type BetaPrior, checkAlpha, checkCounts, logBetaMixture, rarePrior } from './beta-mixture.ts';
import { devianceAt, largestLogLikelihood, pushedShares } from './likelihood-bound.ts';
import type { Interval, Proportion } from './proportion.ts';

/** A share and its interval. */
export interface ProportionSequence extends Interval {
  readonly share: number;
}

/**
 * The interval of a share by all trials so far, for as many looks as one likes: the chance that it ever misses the truth is at most
 * `alpha`. Such intervals are a confidence sequence; here, of the shares under which the trials are not 1 / alpha times less likely
 * than under the prior. Counts may have fractions, see `logBetaMixture`.
 * Throws RangeError when there is no trial, more successes, or an alpha outside (0, 1).
 * Source: Robbins 1970, see there; S. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence
 * sequences", Annals of Statistics 49 (2021).
 */
export function proportionSequence(
  counts: Proportion,
  alpha: number,
  prior: BetaPrior = rarePrior,
): ProportionSequence {
  checkCounts(counts);
  checkAlpha(alpha);
  const budget = largestLogLikelihood(counts) - logBetaMixture([counts], prior) - Math.log(alpha);
  const [lower = 0] = pushedShares([{ ...counts, push: -1 }], budget);
  const [upper = 1] = pushedShares([{ ...counts, push: 1 }], budget);
  return { share: counts.successes / counts.trials, lower, upper };
}

/**
 * The evidence against a share of at most `limit`, as an e-value: 1 / alpha is ever reached with a chance of at most alpha where the
 * share is that small. 1 says nothing, 100 is strong. Throws RangeError as `proportionSequence` does.
 */
export function proportionEValue(counts: Proportion, limit: number, prior: BetaPrior = rarePrior): number {
  checkCounts(counts);
  const least = counts.successes / counts.trials > limit ? devianceAt(counts, limit) : 0;
  return Math.exp(logBetaMixture([counts], prior) - largestLogLikelihood(counts) + least);
}
