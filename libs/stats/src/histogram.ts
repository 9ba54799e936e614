import { type Column, checkRows, refusal } from './column.ts';

/**
 * Throws RangeError unless both histograms, given by name, have counts for the same bins, none of them negative or
 * infinite, and at least one row each.
 */
export function checkHistograms(histograms: Readonly<Record<string, Column>>): void {
  checkRows(histograms);
  for (const [name, counts] of Object.entries(histograms)) {
    for (let bin = 0; bin < counts.length; bin++) {
      const count = counts[bin] as number;
      if (count >= 0 && count < Infinity) continue;
      throw refusal(`${name}[${bin}]`, count, 'a count of at least 0', 'count the rows of the bin');
    }
    if (totalOf(counts) === 0) throw refusal(name, 'no rows', 'at least 1 row', 'wait for rows, or report no distance');
  }
}

/** The number of rows in all bins. */
function totalOf(counts: Column): number {
  let total = 0;
  for (let bin = 0; bin < counts.length; bin++) total += counts[bin] as number;
  return total;
}

/** Each bin's share of the rows, after `pseudoCount` rows were added to every bin. */
export function sharesOf(counts: Column, pseudoCount = 0): Float64Array {
  const total = totalOf(counts) + pseudoCount * counts.length;
  const shares = new Float64Array(counts.length);
  for (let bin = 0; bin < shares.length; bin++) shares[bin] = ((counts[bin] as number) + pseudoCount) / total;
  return shares;
}
