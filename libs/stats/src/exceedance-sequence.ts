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
  /** Where the bins end, all but the last, which has no end; the first begins at 0. Needed for a `stretch` only. */
  readonly bounds?: Column;
  /** Only what exceeds so many times the quantile counts. Default: 1. */
  readonly stretch?: number;
}

/** Steps between the ends of the quantile's interval at which the worst and the best case are looked for. */
const placesTried = 10;

/** How exactly these ends are found, in bins: next to what the counts leave open it is nothing. */
const placeError = 1e-3;

/**
 * The share of values above the quantile that a `reference` has `tail` of its own above, less `tail`, by all values so far, for as many looks as
 * one likes: the chance that the interval ever misses the truth is at most `alpha`. Both are counts in the same bins; within a bin values
 * count as spread evenly, for both sides alike, so that equal distributions have no difference whatever their bins. That the
 * quantile is itself estimated is counted: the interval holds the differences at all quantiles that both sides' counts together do not rule out.
 * Null where the quantile lies in the last bin, which has no end. Counts may have fractions.
 * Throws RangeError unless both have the same two or more bins, no negative count and a row each, as many bounds as bins less one, or for a tail or
 * alpha outside (0, 1).
 * Source: as `differenceSequence`; a value within the quantile's bin is the fraction of the bin above it, which `logBetaMixture` allows.
 */
export function exceedanceSequence(
  counts: Column,
  reference: Column,
  { tail, alpha, bounds, stretch = 1 }: ExceedanceOptions,
): Exceedance | null {
  checkHistograms({ counts, reference });
  checkAlpha(alpha);
  checkProbability('tail', tail);
  if (!(stretch >= 1)) throw refusal('stretch', stretch, '1 or more', 'pass how many times the quantile counts');
  if (counts.length < 2) throw refusal('counts', '1 bin', '2 bins or more', 'count in bins with bounds');
  if (bounds !== undefined && bounds.length !== counts.length - 1)
    throw refusal(
      'bounds',
      `${bounds.length}`,
      `${counts.length - 1}, one less than bins`,
      'pass the bounds of these bins',
    );
  if (stretch !== 1 && bounds === undefined)
    throw refusal('bounds', 'none', 'bounds, as there is a stretch', 'pass the bounds of the bins');
  const [aboveAt, aboveReference] = [createShareAbove(counts), createShareAbove(reference)];
  const above = bounds === undefined ? aboveAt : (at: number) => aboveAt(stretchedPlace(bounds, at, stretch));
  const last = counts.length - 1;
  if (share(aboveReference(last)) > tail) return null;
  const place = quantilePlace(reference, tail);

  /** What ln of the likelihood may give way for the canary where the quantile lies at a place; negative where it cannot lie. */
  const budgetAt = (at: number): number => {
    const [mine, theirs] = [above(at), aboveReference(at)];
    const largest = largestLogLikelihood(mine) + largestLogLikelihood(theirs);
    return largest - logBetaMixture([mine, theirs], rarePrior) - Math.log(alpha) - devianceAt(theirs, tail);
  };
  const shareAt = (at: number, push: 1 | -1): number =>
    pushedShares([{ ...above(at), push }], Math.max(0, budgetAt(at)))[0] as number;
  const lowest = firstPlace((at) => budgetAt(at) > 0, 0, place);
  const highest = firstPlace((at) => budgetAt(at) <= 0, place, last);
  // With nothing to say where the last bin ends, all of it may lie below the quantile.
  const least = budgetAt(last) > 0 ? 0 : -highestOf((at) => -shareAt(at, -1), lowest, highest);
  const most = highestOf((at) => shareAt(at, 1), lowest, highest);
  return { difference: share(above(place)) - tail, place, lower: least - tail, upper: most - tail };
}

/** The value at a place among bins with these bounds. */
export function valueAtPlace(bounds: Column, place: number): number {
  const bin = Math.min(bounds.length - 1, Math.floor(place));
  const from = bin === 0 ? 0 : (bounds[bin - 1] as number);
  return from + Math.min(1, place - bin) * ((bounds[bin] as number) - from);
}

/** The place of so many times the value at a place; at most the last bound. */
function stretchedPlace(bounds: Column, place: number, stretch: number): number {
  const value = stretch * valueAtPlace(bounds, place);
  let bin = Math.min(bounds.length - 1, Math.floor(place));
  while (bin < bounds.length && (bounds[bin] as number) < value) bin++;
  if (bin === bounds.length) return bin;
  const from = bin === 0 ? 0 : (bounds[bin - 1] as number);
  return bin + (value - from) / ((bounds[bin] as number) - from);
}

/** The highest value between two places: the best of some, evenly spaced or at the bounds of bins, where shares bend; then closer around it. */
function highestOf(value: (place: number) => number, lowest: number, highest: number): number {
  const spacing = (highest - lowest) / placesTried;
  let [best, at] = [Number.NEGATIVE_INFINITY, lowest];
  const attempt = (place: number): void => {
    const found = value(place);
    if (found > best) [best, at] = [found, place];
  };
  for (let step = 0; step <= placesTried; step++) attempt(lowest + step * spacing);
  for (let bound = Math.ceil(lowest); bound < highest; bound++) attempt(bound);
  for (let closer = spacing / 2; closer > spacing / 20; closer /= 2) {
    const middle = at;
    attempt(Math.max(lowest, middle - closer));
    attempt(Math.min(highest, middle + closer));
  }
  return best;
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

/** The place above which a share of `tail` lies. */
function quantilePlace(counts: Column, tail: number): number {
  let rest = 0;
  for (let bin = 0; bin < counts.length; bin++) rest += counts[bin] as number;
  const least = tail * rest;
  for (let bin = 0; bin < counts.length; bin++) {
    const count = counts[bin] as number;
    if (rest - count <= least) return count > 0 ? bin + (rest - least) / count : bin;
    rest -= count;
  }
  return counts.length - 1;
}

/** The first place from `low` to `high` at which something holds that holds from there on; `high` where it never does. */
function firstPlace(holds: (place: number) => boolean, low: number, high: number): number {
  if (holds(low)) return low;
  let [below, from] = [low, high];
  while (from - below > placeError) {
    const middle = (below + from) / 2;
    if (holds(middle)) from = middle;
    else below = middle;
  }
  return from;
}
