import { checkAlpha, logBetaMixture, rarePrior } from './beta-mixture.ts';
import { type Column, refusal } from './column.ts';
import { checkHistograms } from './histogram.ts';
import { devianceAt, largestLogLikelihood, pushedShares } from './likelihood-bound.ts';
import { checkProbability } from './parameter.ts';
import type { Interval, Proportion } from './proportion.ts';

/** How much more often values exceed the upper quantile of a reference than the reference does itself, and the interval of it. */
export interface Exceedance extends Interval {
  /** Share above the reference's quantile, less `tail`. */
  readonly difference: number;
  /** The quantile: a place among the bins, 2.5 being the middle of the third. */
  readonly place: number;
}

export interface ExceedanceOptions {
  /** Share of the reference that lies above the quantile: 0.01 for the 99th percentile. */
  readonly tail: number;
  readonly alpha: number;
}

/** Places between the ends of the quantile's interval at which the worst and the best case are looked for. */
const placesTried = 24;

/**
 * The share of values above the quantile that a `reference` has `tail` of its own above, less `tail`, by all values so far, for as many looks as
 * one likes: the chance that the interval ever misses the truth is at most `alpha`. Both are counts in the same bins; within a bin values
 * count as spread evenly, for both sides alike, so that equal distributions have no difference whatever their bins. That the
 * quantile is itself estimated is counted: the interval holds the differences at all quantiles that both sides' counts together do not rule out.
 * Null where the quantile lies in the last bin, which has no end. Counts may have fractions.
 * Throws RangeError unless both have the same two or more bins, no negative count and a row each, or for a tail or alpha outside (0, 1).
 * Source: as `differenceSequence`; a value within the quantile's bin is the fraction of the bin above it, which `logBetaMixture` allows.
 */
export function exceedanceSequence(
  counts: Column,
  reference: Column,
  { tail, alpha }: ExceedanceOptions,
): Exceedance | null {
  checkHistograms({ counts, reference });
  checkAlpha(alpha);
  checkProbability('tail', tail);
  if (counts.length < 2) throw refusal('counts', '1 bin', '2 bins or more', 'count in bins with bounds');
  const [above, aboveReference] = [createShareAbove(counts), createShareAbove(reference)];
  const last = counts.length - 1;
  const place = firstPlace((at) => share(aboveReference(at)) <= tail, 0, last);
  if (share(aboveReference(last)) > tail) return null;

  /** What ln of the likelihood may give way for the canary where the quantile lies at a place; negative where it cannot lie. */
  const budgetAt = (at: number): number => {
    const [mine, theirs] = [above(at), aboveReference(at)];
    const largest = largestLogLikelihood(mine) + largestLogLikelihood(theirs);
    return largest - logBetaMixture([mine, theirs], rarePrior) - Math.log(alpha) - devianceAt(theirs, tail);
  };
  const lowest = firstPlace((at) => budgetAt(at) > 0, 0, place);
  const highest = firstPlace((at) => budgetAt(at) <= 0, place, last);
  // With nothing to say where the last bin ends, all of it may lie below the quantile.
  let lower = budgetAt(last) > 0 ? 0 : 1;
  let upper = 0;
  for (let step = 0; step <= placesTried; step++) {
    const at = lowest + ((highest - lowest) * step) / placesTried;
    const budget = Math.max(0, budgetAt(at));
    lower = Math.min(lower, pushedShares([{ ...above(at), push: -1 }], budget)[0] as number);
    upper = Math.max(upper, pushedShares([{ ...above(at), push: 1 }], budget)[0] as number);
  }
  return { difference: share(above(place)) - tail, place, lower: lower - tail, upper: upper - tail };
}

const share = ({ successes, trials }: Proportion): number => successes / trials;

/** Values above a place among the bins, a part of the bin that it lies in. */
function createShareAbove(counts: Column): (place: number) => Proportion {
  const above = new Float64Array(counts.length + 1);
  for (let bin = counts.length - 1; bin >= 0; bin--) above[bin] = (above[bin + 1] as number) + (counts[bin] as number);
  const trials = above[0] as number;
  return (place) => {
    const bin = Math.min(counts.length - 1, Math.floor(place));
    return {
      successes: Math.min(trials, (above[bin + 1] as number) + (1 - place + bin) * (counts[bin] as number)),
      trials,
    };
  };
}

/** The first place from `low` to `high` at which something holds that holds from there on; `high` where it never does. */
function firstPlace(holds: (place: number) => boolean, low: number, high: number): number {
  if (holds(low)) return low;
  let [below, from] = [low, high];
  while (from - below > 1e-5) {
    const middle = (below + from) / 2;
    if (holds(middle)) from = middle;
    else below = middle;
  }
  return from;
}
