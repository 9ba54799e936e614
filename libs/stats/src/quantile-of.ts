import { chooseRows } from './chosen-rows.ts';
import { type Column, checkFinite } from './column.ts';
import type { PairedStatistic } from './paired-bootstrap.ts';
import { checkProbability } from './parameter.ts';
import { sortedOrder } from './sorted-order.ts';

/**
 * The statistic "quantile of `values`" for a bootstrap, of all rows or of those whose `among` is 1: the least value that
 * at least `probability` of the rows do not exceed, 0.99 for the 99th percentile of latencies. Rows are sorted once, so a
 * resample costs a pass over the rows. A resample without a row of the group leaves it undefined.
 * Throws RangeError (from the bootstrap) when a column is of another length than the clusters, a value is not finite, the
 * probability is outside [0, 1], `among` is not 0 or 1 or is 1 nowhere.
 */
export function quantileOf(values: Column, probability: number, among?: Column): PairedStatistic {
  return (allClusters) => {
    checkProbability('probability', probability);
    checkFinite('values', values);
    const { clusters, columns } = chooseRows(allClusters, { values }, among);
    const [chosen] = columns as [Float64Array];
    const order = sortedOrder(chosen);
    const ascending = Float64Array.from(order, (row) => chosen[row] as number);
    const clusterOf = Int32Array.from(order, (row) => clusters.ofRow[row] as number);
    return (weights) => {
      let total = 0;
      for (const cluster of clusterOf) total += weights[cluster] as number;
      let weight = 0;
      for (let position = 0; position < ascending.length; position++) {
        weight += weights[clusterOf[position] as number] as number;
        if (weight > 0 && weight >= probability * total) return ascending[position] as number;
      }
      return Number.NaN;
    };
  };
}
