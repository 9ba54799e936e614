import type { Column } from './column.ts';
import { combinedStatistic } from './combined-statistic.ts';
import { meanOf } from './mean-of.ts';
import type { PairedStatistic } from './paired-bootstrap.ts';

/**
 * The statistic "mean of `values` among the rows of group A over that among the rows of group B" for a bootstrap: the
 * ratio of demographic parity when values are decisions. Groups are columns of 0 and 1 and may overlap; a resample costs
 * one pass over clusters. A mean of 0 in group B leaves a resample undefined.
 * Throws RangeError (from the bootstrap) when a column is of another length than the clusters, a value is not finite or a
 * group has a member other than 0 and 1, or no row.
 */
export function ratioOfMeans(values: Column, amongA: Column, amongB: Column): PairedStatistic {
  const meanA = meanOf(values, amongA, 'amongA');
  const meanB = meanOf(values, amongB, 'amongB');
  return combinedStatistic(meanA, meanB, (a, b) => a / b);
}
