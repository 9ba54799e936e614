import { binnedWasserstein } from '@repo/stats/wasserstein';

/** Ends of all bins, rising: the inner edges, and for the open bins the range that training values had, or the width of the neighbour beyond it. */
export function binEnds(edges: readonly number[], range: readonly [number, number] | null): number[] {
  const [first, last] = [edges[0] ?? 0, edges.at(-1) ?? 0];
  const least = 1e-6 * Math.max(1, Math.abs(first), Math.abs(last));
  const width = Math.max((last - first) / Math.max(1, edges.length - 1), least);
  const low = Math.min(range?.[0] ?? first, first - width * 1e-3);
  const high = Math.max(range?.[1] ?? last, last + width * 1e-3);
  return [low, ...edges, high];
}

/** Standard deviation of a histogram whose rows lie evenly within each bin. */
export function binnedDeviation(ends: readonly number[], counts: ArrayLike<number>): number {
  let [rows, sum, squares] = [0, 0, 0];
  for (let bin = 0; bin < counts.length; bin++) {
    const [low, high] = [ends[bin] as number, ends[bin + 1] as number];
    const count = counts[bin] as number;
    rows += count;
    sum += (count * (low + high)) / 2;
    squares += (count * (low * low + low * high + high * high)) / 3;
  }
  return Math.sqrt(Math.max(0, squares / rows - (sum / rows) ** 2));
}

/** What a number's values did, in standard deviations of the reference. */
export interface BinnedShift {
  /** Wasserstein's distance: how far a value must be moved on average to make one histogram of the other. */
  readonly distance: number;
  /** The reference's standard deviation, in the unit of the values. */
  readonly deviation: number;
}

/**
 * How far the values of a number moved, over the reference's standard deviation, both taken from fixed bins. Values beyond the range of training
 * count as at its end, so that a few wild ones do not make a shift. Null for a number without two bins or without rows on either side.
 */
export function binnedShift(
  edges: readonly number[],
  range: readonly [number, number] | null,
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): BinnedShift | null {
  const some = (counts: ArrayLike<number>): boolean => Array.from(counts).some((count) => count > 0);
  if (edges.length === 0 || !some(reference) || !some(current)) return null;
  const ends = binEnds(edges, range);
  const deviation = binnedDeviation(ends, reference);
  if (!(deviation > 0)) return null;
  return { distance: binnedWasserstein(ends, reference, current) / deviation, deviation };
}
