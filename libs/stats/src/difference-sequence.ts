import { type BetaPrior, checkAlpha, checkCounts, logBetaMixture, rarePrior } from './beta-mixture.ts';
import { largestLogLikelihood, pushedShares } from './likelihood-bound.ts';
import type { ProportionDifference } from './newcombe-interval.ts';
import type { Proportion } from './proportion.ts';

/**
 * The interval of the difference of two shares, `a` less `b`, by all trials so far, for as many looks as one likes: the chance that it
 * ever misses the truth is at most `alpha`, whatever order the trials of the two arms come in and however many more one has. It holds the
 * differences of all pairs of shares under which both arms together are not 1 / alpha times less likely than under the prior; what is
 * not asked for, the level of both, is thereby fitted to the data in favour of every difference.
 * Counts may have fractions, see `logBetaMixture`. Throws RangeError when an arm has no trial or more successes, or for an alpha outside (0, 1).
 * Source: the martingale of `logBetaMixture`, projected on the difference as in R. Turner, P. Grünwald, "Exact anytime-valid confidence
 * intervals for contingency tables and beyond", Statistics and Probability Letters 198 (2023); the projection is universal inference of
 * L. Wasserman, A. Ramdas, S. Balakrishnan, PNAS 117 (2020).
 */
export function differenceSequence(
  a: Proportion,
  b: Proportion,
  alpha: number,
  prior: BetaPrior = rarePrior,
): ProportionDifference {
  checkCounts(a);
  checkCounts(b);
  checkAlpha(alpha);
  const largest = largestLogLikelihood(a) + largestLogLikelihood(b);
  const budget = largest - logBetaMixture([a, b], prior) - Math.log(alpha);
  const end = (push: 1 | -1): number => {
    const [shareA = 0, shareB = 0] = pushedShares(
      [
        { ...a, push },
        { ...b, push: push === 1 ? -1 : 1 },
      ],
      budget,
    );
    return shareA - shareB;
  };
  return { difference: a.successes / a.trials - b.successes / b.trials, lower: end(-1), upper: end(1) };
}
