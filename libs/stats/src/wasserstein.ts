import { type Column, checkFinite, refusal } from './column.ts';
import { checkHistograms, sharesOf } from './histogram.ts';
import { sortedSample } from './sorted-sample.ts';

/**
 * First Wasserstein distance of two samples: how far a value must be moved on average to turn one sample into the other,
 * in the unit of the values; the area between the empirical distribution functions. The samples may differ in size. O(n
 * log n).
 * Throws RangeError when a sample is empty or a value not finite.
 */
export function wasserstein(valuesA: Column, valuesB: Column): number {
  checkFinite('valuesA', valuesA);
  checkFinite('valuesB', valuesB);
  const a = sortedSample('valuesA', valuesA);
  const b = sortedSample('valuesB', valuesB);
  let area = 0;
  let indexA = 0;
  let indexB = 0;
  let from = Math.min(a[0] as number, b[0] as number);
  while (indexA < a.length || indexB < b.length) {
    const to = Math.min(a[indexA] ?? Infinity, b[indexB] ?? Infinity);
    area += Math.abs(indexA / a.length - indexB / b.length) * (to - from);
    while (a[indexA] === to) indexA++;
    while (b[indexB] === to) indexB++;
    from = to;
  }
  return area;
}

/**
 * The same distance of two histograms whose rows lie evenly within each bin. Bin k reaches from `edges[k]` to `edges[k +
 * 1]`.
 * Throws RangeError when edges are not finite and ascending, there is not one more edge than bins, a count is negative or
 * infinite or a histogram is empty.
 */
export function binnedWasserstein(edges: Column, countsA: Column, countsB: Column): number {
  checkHistograms({ countsA, countsB });
  checkEdges(edges, countsA.length);
  const sharesB = sharesOf(countsB);
  let area = 0;
  let before = 0; // distance of the distribution functions at the left edge; within a bin it changes evenly
  sharesOf(countsA).forEach((share, bin) => {
    const after = before + share - (sharesB[bin] as number);
    const width = (edges[bin + 1] as number) - (edges[bin] as number);
    area += width * meanAbsolute(before, after);
    before = after;
  });
  return area;
}

/** Mean of |x| while x goes evenly from one value to the other. */
function meanAbsolute(from: number, to: number): number {
  if (from * to >= 0) return Math.abs(from + to) / 2;
  return (from * from + to * to) / 2 / Math.abs(to - from);
}

function checkEdges(edges: Column, bins: number): void {
  if (edges.length !== bins + 1)
    throw refusal(
      'edges',
      `${edges.length} edges`,
      `${bins + 1}, one more than bins`,
      'leave out bins without two ends',
    );
  checkFinite('edges', edges);
  for (let edge = 1; edge < edges.length; edge++) {
    if ((edges[edge] as number) > (edges[edge - 1] as number)) continue;
    throw refusal(`edges[${edge}]`, edges[edge], `a number above ${edges[edge - 1]}`, 'sort the edges, each once');
  }
}
