import { type Column, refusal } from './column.ts';
import { checkHistograms } from './histogram.ts';
import { checkProbability } from './parameter.ts';
import type { Proportion } from './proportion.ts';

/** What is asked of an upper quantile of binned values. */
export interface ExceedanceQuestion {
  /** Share of the reference that lies above the quantile: 0.01 for the 99th percentile. */
  readonly tail: number;
  /** Where the bins end, all but the last, which has no end; the first begins at 0. Rising. */
  readonly bounds: Column;
  /** Only what exceeds so many times the quantile counts. Default: 1. */
  readonly stretch?: number;
}

/** How much more often values exceed the quantile of a reference than the reference does itself. */
export interface Exceedance {
  /** Share above so many times the reference's quantile, less `tail`. */
  readonly difference: number;
  /** The quantile of the reference, in the unit of the bounds. */
  readonly quantile: number;
}

/** Binned values of two sides as functions of a place among the bins: 2.5 is the middle of the third. */
export interface PlacedCounts {
  /** Where the reference has its quantile. */
  readonly place: number;
  /** Values above so many times the value at a place, a part of the bin that it lies in; and of the reference, above the place itself. */
  readonly above: (place: number) => Proportion;
  readonly aboveReference: (place: number) => Proportion;
}

/**
 * The share of values above the upper quantile of a `reference`, less the share that it has there itself. Both are counts in the same bins; within a bin values
 * count as spread evenly, for both sides alike, so that equal distributions have no difference whatever their bins.
 * Null where the quantile lies in the last bin, which has no end. Counts may have fractions.
 * Throws RangeError unless both have the same two or more bins, no negative count and a row each, as many bounds as bins less one, a tail from 0
 * to 1 and a stretch of 1 or more.
 */
export function exceedance(counts: Column, reference: Column, question: ExceedanceQuestion): Exceedance | null {
  const placed = placeCounts(counts, reference, question);
  if (placed === null) return null;
  const { successes, trials } = placed.above(placed.place);
  return {
    difference: successes / trials - question.tail,
    quantile: valueAtPlace(question.bounds, placed.place),
  };
}

/** The two sides by place; null and errors as of `exceedance`. */
export function placeCounts(
  counts: Column,
  reference: Column,
  { tail, bounds, stretch = 1 }: ExceedanceQuestion,
): PlacedCounts | null {
  checkHistograms({ counts, reference });
  checkProbability('tail', tail);
  if (counts.length < 2) throw refusal('counts', '1 bin', '2 bins or more', 'count in bins with bounds');
  if (bounds.length !== counts.length - 1)
    throw refusal('bounds', bounds.length, `${counts.length - 1}, one less than bins`, 'pass the bounds of these bins');
  if (!(stretch >= 1)) throw refusal('stretch', stretch, '1 or more', 'pass how many times the quantile counts');
  const [above, aboveReference] = [createAbove(counts), createAbove(reference)];
  const { successes, trials } = aboveReference(bounds.length);
  if (successes / trials > tail) return null;
  return {
    place: quantilePlace(reference, tail),
    above: stretch === 1 ? above : (place) => above(stretchedPlace(bounds, place, stretch)),
    aboveReference,
  };
}

function createAbove(counts: Column): (place: number) => Proportion {
  const above = new Float64Array(counts.length + 1);
  for (let bin = counts.length - 1; bin >= 0; bin--) above[bin] = (above[bin + 1] as number) + (counts[bin] as number);
  const trials = above[0] as number;
  return (place) => {
    const bin = Math.min(counts.length - 1, Math.floor(place));
    const part = (1 - place + bin) * (counts[bin] as number);
    return { successes: Math.min(trials, (above[bin + 1] as number) + part), trials };
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

const binStart = (bounds: Column, bin: number): number => (bin === 0 ? 0 : (bounds[bin - 1] as number));

/** The value at a place; that of the last bin is where it begins. */
function valueAtPlace(bounds: Column, place: number): number {
  const bin = Math.min(bounds.length - 1, Math.floor(place));
  const from = binStart(bounds, bin);
  return from + (place - bin) * ((bounds[bin] as number) - from);
}

/** The place of so many times the value at a place; at most where the last bin begins. */
function stretchedPlace(bounds: Column, place: number, stretch: number): number {
  const value = stretch * valueAtPlace(bounds, place);
  let bin = Math.min(bounds.length, Math.floor(place));
  while (bin < bounds.length && (bounds[bin] as number) < value) bin++;
  if (bin === bounds.length) return bin;
  const from = binStart(bounds, bin);
  return bin + (value - from) / ((bounds[bin] as number) - from);
}
