import type { Interval, Proportion } from './proportion.ts';
import { wilsonInterval } from './wilson-interval.ts';

/** The difference of two proportions and its interval. */
export interface ProportionDifference extends Interval {
  /** Share of `a` - share of `b`. */
  readonly difference: number;
}

/**
 * Newcombe's hybrid score interval of the difference of two independent proportions, built from the Wilson interval of
 * each: it stays within [-1, 1] and has a width even when a share is 0 or 1. For shares of the same rows it is not the
 * one to use.
 * Throws RangeError when counts are no whole numbers, there is no trial, or more successes, or a level outside (0, 1).
 * Source: R. Newcombe, "Interval estimation for the difference between independent proportions", method 10, Statistics in
 * Medicine 17 (1998).
 */
export function newcombeInterval(a: Proportion, b: Proportion, level = 0.95): ProportionDifference {
  const intervalA = wilsonInterval(a, level);
  const intervalB = wilsonInterval(b, level);
  const shareA = a.successes / a.trials;
  const shareB = b.successes / b.trials;
  const difference = shareA - shareB;
  return {
    difference,
    lower: difference - Math.hypot(shareA - intervalA.lower, intervalB.upper - shareB),
    upper: difference + Math.hypot(intervalA.upper - shareA, shareB - intervalB.lower),
  };
}
