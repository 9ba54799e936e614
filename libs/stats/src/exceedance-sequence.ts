import { checkAlpha, logBetaMixture, rarePrior } from './beta-mixture.ts';
import type { Column } from './column.ts';
import { type Exceedance, type ExceedanceQuestion, exceedance, placeCounts } from './exceedance.ts';
import { devianceAt, largestLogLikelihood, pushedShares } from './likelihood-bound.ts';
import type { Interval } from './proportion.ts';

/** An exceedance and its interval. */
export interface ExceedanceSequence extends Exceedance, Interval {}

/** Steps between the ends of the quantile's interval at which the worst and the best case are looked for. */
const placesTried = 10;

/** How exactly these ends are found, in bins: next to what the counts leave open it is nothing. */
const placeError = 1e-3;

/**
 * The `exceedance` of values over the quantile of a reference by all values so far, for as many looks as one likes: the chance that its interval
 * ever misses the truth is at most `alpha`. That the quantile is itself estimated is counted: the interval holds the differences at all
 * quantiles that both sides' counts together do not rule out. Null where the quantile lies in the last bin.
 * Throws RangeError as `exceedance` does, and for an alpha outside (0, 1).
 * Source: as `differenceSequence`; a value within the quantile's bin is the fraction of the bin above it, which `logBetaMixture` allows.
 */
export function exceedanceSequence(
  counts: Column,
  reference: Column,
  { alpha, ...question }: ExceedanceQuestion & { readonly alpha: number },
): ExceedanceSequence | null {
  checkAlpha(alpha);
  const found = exceedance(counts, reference, question);
  const placed = placeCounts(counts, reference, question);
  if (found === null || placed === null) return null;
  const { place, above, aboveReference } = placed;
  const { tail, bounds } = question;

  /** By how much ln of the likelihood may give way where the quantile lies at a place; negative where it cannot lie. */
  const budgetAt = (at: number): number => {
    const [mine, theirs] = [above(at), aboveReference(at)];
    const largest = largestLogLikelihood(mine) + largestLogLikelihood(theirs);
    return largest - logBetaMixture([mine, theirs], rarePrior) - Math.log(alpha) - devianceAt(theirs, tail);
  };
  const shareAt = (at: number, push: 1 | -1): number =>
    pushedShares([{ ...above(at), push }], Math.max(0, budgetAt(at)))[0] as number;
  const lowest = firstPlace((at) => budgetAt(at) > 0, 0, place);
  const highest = firstPlace((at) => budgetAt(at) <= 0, place, bounds.length);
  // With nothing to say where the last bin ends, all of it may lie below the quantile.
  const isOpen = budgetAt(bounds.length) > 0;
  const least = isOpen ? 0 : -highestOf((at) => -shareAt(at, -1), lowest, highest);
  const most = highestOf((at) => shareAt(at, 1), lowest, highest);
  return { ...found, lower: least - tail, upper: most - tail };
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
