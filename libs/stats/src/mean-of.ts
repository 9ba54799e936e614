import { chooseRows } from './chosen-rows.ts';
import { type Column, checkFinite } from './column.ts';
import type { PairedStatistic } from './paired-bootstrap.ts';

/**
 * The statistic "mean of `values`" for a bootstrap, of all rows or of those whose `among` is 1: a loss, the accuracy, the
 * share of positive decisions of a group, in any unit. Values are summed by cluster once, so a resample costs one pass
 * over clusters. A resample without a row of the group leaves it undefined.
 * Throws RangeError (from the bootstrap) when a column is of another length than the clusters, a value is not finite,
 * `among` is not 0 or 1 or is 1 nowhere. `amongName` is what such errors call it.
 */
export function meanOf(values: Column, among?: Column, amongName = 'among'): PairedStatistic {
  return (allClusters) => {
    checkFinite('values', values);
    const { clusters, columns } = chooseRows(allClusters, { values }, among, amongName);
    const [chosen] = columns as [Float64Array];
    const sums = new Float64Array(clusters.count);
    const rows = new Float64Array(clusters.count);
    clusters.ofRow.forEach((cluster, row) => {
      sums[cluster] = (sums[cluster] as number) + (chosen[row] as number);
      rows[cluster] = (rows[cluster] as number) + 1;
    });
    return (weights) => {
      let sum = 0;
      let count = 0;
      for (let cluster = 0; cluster < weights.length; cluster++) {
        sum += (weights[cluster] as number) * (sums[cluster] as number);
        count += (weights[cluster] as number) * (rows[cluster] as number);
      }
      return sum / count;
    };
  };
}
