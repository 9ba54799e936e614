import { refusal } from './column.ts';
import { logGamma } from './log-gamma.ts';
import type { Proportion } from './proportion.ts';

/** Shapes of a beta distribution, of mean a / (a + b). */
interface BetaShapes {
  readonly a: number;
  readonly b: number;
}

/** A prior of shares: a mixture of beta distributions. Any will do for validity; one that expects what happens needs fewer trials. */
export interface BetaPrior {
  readonly parts: readonly (BetaShapes & {
    readonly logWeight: number;
    /** ln of the beta function of the shapes: it takes longer than all that depends on the counts. */
    readonly logBeta: number;
  })[];
}

/** Makes a prior of parts, each with its weight; they sum to 1. */
function createBetaPrior(parts: readonly (BetaShapes & { weight: number })[]): BetaPrior {
  return {
    parts: parts.map(({ weight, a, b }) => ({ a, b, logWeight: Math.log(weight), logBeta: logBetaOf(a, b) })),
  };
}

/** Expects shares around 1 %, such as errors, and pays a tenth to be prepared for any other (Jeffreys' prior). */
export const rarePrior = createBetaPrior([
  { weight: 0.9, a: 1, b: 100 },
  { weight: 0.1, a: 0.5, b: 0.5 },
]);

/** Expects no share before another: Jeffreys' prior. */
export const anyPrior = createBetaPrior([{ weight: 1, a: 0.5, b: 0.5 }]);

/**
 * Throws RangeError unless there are trials and from 0 to as many successes. Both may have fractions: values from 0 to 1 may be
 * summed, and counts be extrapolated.
 */
export function checkCounts({ successes, trials }: Proportion): void {
  if (!(trials > 0 && trials <= 1e15))
    throw refusal('trials', trials, 'a number above 0, at most 1e15', 'wait for trials, or report no interval');
  if (!(successes >= 0 && successes <= trials))
    throw refusal('successes', successes, `0 to ${trials}, the trials`, 'count the successes among these trials');
}

/** Throws RangeError unless it is the rate at which a sequence may ever miss. */
export function checkAlpha(alpha: number): void {
  if (!(alpha > 0 && alpha < 1))
    throw refusal('alpha', alpha, 'a number between 0 and 1', 'pass 0.05 for an interval that holds 95 times in 100');
}

/**
 * ln of the likelihood of what each arm saw, in the order it saw it, averaged over the prior; within a part the arms are independent.
 * Over the likelihood at the true shares it is a martingale of mean 1, in whatever order the arms' trials come in: by Ville's inequality
 * it ever exceeds 1 / alpha with a probability of at most alpha. That is what the sequences here rest on.
 * Source: H. Robbins, "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical Statistics 41 (1970),
 * 1397-1409. Sums of values from 0 to 1 in place of successes make it a supermartingale, by W. Hoeffding's convexity argument, JASA 58 (1963).
 */
export function logBetaMixture(arms: readonly Proportion[], { parts }: BetaPrior): number {
  let log = Number.NEGATIVE_INFINITY;
  for (const { a, b, logWeight, logBeta } of parts) {
    let term = logWeight;
    for (const { successes, trials } of arms) term += logBetaOf(a + successes, b + trials - successes) - logBeta;
    log = Math.max(log, term) + Math.log1p(Math.exp(-Math.abs(log - term)));
  }
  return log;
}

function logBetaOf(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
