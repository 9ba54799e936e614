import { type Column, checkFinite, checkRows } from './column.ts';
import type { PairedStatistic } from './paired-bootstrap.ts';

/**
 * The statistic "mean of `lossesA` - mean of `lossesB`" for `pairedBootstrap`: negative when A is better. Losses are per row,
 * from `logLossByRow` for example, in any unit. They are summed by cluster once, so a resample costs one pass over clusters.
 * Throws RangeError (from the bootstrap) when a column is of another length than the clusters or a loss is not finite.
 */
export function meanDifference(lossesA: Column, lossesB: Column): PairedStatistic {
  return ({ count, ofRow }) => {
    checkRows({ clusters: ofRow, lossesA, lossesB });
    checkFinite('lossesA', lossesA);
    checkFinite('lossesB', lossesB);
    const sums = new Float64Array(count);
    const rows = new Float64Array(count);
    ofRow.forEach((cluster, row) => {
      sums[cluster] = (sums[cluster] as number) + (lossesA[row] as number) - (lossesB[row] as number);
      rows[cluster] = (rows[cluster] as number) + 1;
    });
    return (weights) => dot(weights, sums) / dot(weights, rows);
  };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] as number) * (b[index] as number);
  return sum;
}
