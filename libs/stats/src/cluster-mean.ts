import { type Column, checkFinite, checkRows, refusal } from './column.ts';

/** The mean over rows that come in clusters. */
export interface ClusterMean {
  /** Sum of the values of all rows over the number of rows. */
  readonly mean: number;
  /** How far each cluster pulls the mean: the mean of these is 0, and their variance over the number of clusters is that of the mean. */
  readonly pulls: Float64Array;
}

/**
 * The mean over the rows of clusters, given for each cluster the sum of its rows' values and their number, and what is needed for its
 * variance where clusters, not rows, are drawn: the delta method for a ratio of means. A cluster may have no row, not all of them.
 * Throws RangeError for columns of different lengths, values that are not finite, or no row at all.
 * Source: A. Deng, U. Knoblich, J. Lu, "Applying the delta method in metric analytics", KDD (2018).
 */
export function clusterMean(sums: Column, rows: Column): ClusterMean {
  checkRows({ sums, rows });
  checkFinite('sums', sums);
  checkFinite('rows', rows);
  const clusters = sums.length;
  let [total, count] = [0, 0];
  for (let cluster = 0; cluster < clusters; cluster++) {
    total += sums[cluster] as number;
    count += rows[cluster] as number;
  }
  if (!(count > 0)) throw refusal('rows', count, 'at least 1 row', 'wait for rows, or check the filter');
  const mean = total / count;
  const pulls = new Float64Array(clusters);
  for (let cluster = 0; cluster < clusters; cluster++)
    pulls[cluster] = (((sums[cluster] as number) - mean * (rows[cluster] as number)) * clusters) / count;
  return { mean, pulls };
}
