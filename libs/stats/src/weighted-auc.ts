import type { Column } from './column.ts';
import { LAST_OF_TIE, packRows } from './packed-rows.ts';
import type { ClusterStatistic, Clusters } from './paired-bootstrap.ts';
import { sortedOrder } from './sorted-order.ts';

/**
 * The AUC with weighted rows: the weight of the pairs won, ties half, over the weight of all pairs; 0 / 0 is NaN. Rows are sorted once, so that
 * each resample costs one pass over them. Labels are 0 or 1 and scores no NaN: whoever asks has checked.
 */
export function weightedAuc(clusters: Clusters, labels: Column, scores: Column): ClusterStatistic {
  const entries = packRows(clusters, labels, scores, sortedOrder(scores));
  return (weights) => {
    let won = 0;
    let positives = 0;
    let negatives = 0;
    let tiedPositives = 0;
    let tiedNegatives = 0;
    for (let position = 0; position < entries.length; position++) {
      const entry = entries[position] as number;
      const weight = weights[entry >>> 2] as number;
      const positiveWeight = weight * ((entry >>> 1) & 1); // a multiplication, because a branch would be mispredicted
      tiedPositives += positiveWeight;
      tiedNegatives += weight - positiveWeight;
      if (!(entry & LAST_OF_TIE)) continue;
      won += tiedPositives * (negatives + tiedNegatives / 2);
      positives += tiedPositives;
      negatives += tiedNegatives;
      tiedPositives = 0;
      tiedNegatives = 0;
    }
    return won / (positives * negatives);
  };
}
