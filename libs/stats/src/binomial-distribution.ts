import { checkCount, checkProbability } from './parameter.ts';
import { regularizedBeta } from './regularized-beta.ts';
import type { Tails } from './tails.ts';

/**
 * P(X <= successes) of the successes among `trials` that each succeed with `probability`. Relative error under 1e-10,
 * down to 1e-300.
 * Throws RangeError unless successes and trials are whole numbers of at least 0, at most 1e9 trials, and the probability
 * is from 0 to 1. More successes than trials are as certain as all of them.
 */
export function binomialAtMost(successes: number, trials: number, probability: number): number {
  return tailsAbove(successes, trials, probability).lower;
}

/** P(X >= successes), exact like its counterpart `binomialAtMost`; both count X = successes. */
export function binomialAtLeast(successes: number, trials: number, probability: number): number {
  checkCount('successes', successes);
  return successes === 0 ? 1 : tailsAbove(successes - 1, trials, probability).upper;
}

/** P(X <= successes) and P(X > successes): the beta distribution of the (successes + 1)th smallest of uniform numbers. */
function tailsAbove(successes: number, trials: number, probability: number): Tails {
  checkCount('successes', successes);
  checkCount('trials', trials);
  checkProbability('probability', probability);
  if (successes >= trials) return { lower: 1, upper: 0 };
  const { lower, upper } = regularizedBeta(successes + 1, trials - successes, probability);
  return { lower: upper, upper: lower };
}
