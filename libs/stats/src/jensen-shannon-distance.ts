import type { Column } from './column.ts';
import { checkHistograms, sharesOf } from './histogram.ts';
import { poissonDeviance } from './poisson-deviance.ts';

/**
 * Jensen-Shannon distance of two histograms over the same bins: the root of their divergence in bits. 0 for equal shares,
 * 1 when no bin has rows of both; a metric. Empty bins are no problem and nothing is added to them.
 * Throws RangeError when there is no bin, the bins differ in number, a count is negative or infinite, or all are 0.
 * Source: J. Lin, IEEE Transactions on Information Theory 37 (1991); D. Endres, J. Schindelin, ibid. 49 (2003).
 */
export function jensenShannonDistance(countsA: Column, countsB: Column): number {
  checkHistograms({ countsA, countsB });
  const sharesA = sharesOf(countsA);
  const sharesB = sharesOf(countsB);
  let divergence = 0; // in nats, of the mean of both shares from each
  for (let bin = 0; bin < sharesA.length; bin++) {
    const a = sharesA[bin] as number;
    const b = sharesB[bin] as number;
    divergence += (excess(a, (a + b) / 2) + excess(b, (a + b) / 2)) / 2;
  }
  return Math.sqrt(divergence / Math.LN2);
}

/**
 * share ln(share / middle) - share + middle: what is taken away adds up to 0, and no term is negative or cancels another.
 */
function excess(share: number, middle: number): number {
  return share === 0 ? middle : poissonDeviance(share, middle);
}
