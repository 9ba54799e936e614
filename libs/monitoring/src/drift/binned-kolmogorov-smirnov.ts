const totalOf = (counts: ArrayLike<number>): number =>
  Array.prototype.reduce.call(counts, (a, b) => a + b, 0) as number;

/**
 * Kolmogorov and Smirnov's distance of two histograms over the same ordered bins, 0 to 1: the largest difference of the shares at or below an
 * edge. That of the values themselves is never smaller. NaN when one of them is empty.
 */
export function binnedKolmogorovSmirnov(countsA: ArrayLike<number>, countsB: ArrayLike<number>): number {
  const [rowsA, rowsB] = [totalOf(countsA), totalOf(countsB)];
  if (rowsA === 0 || rowsB === 0) return Number.NaN;
  let [belowA, belowB, largest] = [0, 0, 0];
  for (let bin = 0; bin < countsA.length; bin++) {
    belowA += countsA[bin] as number;
    belowB += countsB[bin] as number;
    largest = Math.max(largest, Math.abs(belowA / rowsA - belowB / rowsB));
  }
  return largest;
}
