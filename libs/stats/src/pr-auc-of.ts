import { chooseRows } from './chosen-rows.ts';
import { checkClasses } from './class-scores.ts';
import type { Column } from './column.ts';
import { LAST_OF_TIE, packRows } from './packed-rows.ts';
import type { ClusterStatistic, PairedStatistic } from './paired-bootstrap.ts';
import { sortedOrder } from './sorted-order.ts';

/**
 * The statistic "area under the precision-recall curve" for a bootstrap, of all rows or of those whose `among` is 1; see
 * `prAuc`. Rows are sorted once, so a resample costs a pass over the rows. Without a positive it is undefined.
 * Throws RangeError (from the bootstrap) when a column is of another length than the clusters, a label is not 0 or 1, a
 * score is NaN, a class is absent among the rows, `among` is not 0 or 1 or is 1 nowhere.
 */
export function prAucOf(labels: Column, scores: Column, among?: Column): PairedStatistic {
  return (allClusters) => {
    const { clusters, columns } = chooseRows(allClusters, { labels, scores }, among);
    const [chosenLabels, chosenScores] = columns as [Float64Array, Float64Array];
    checkClasses(chosenLabels, { scores: chosenScores });
    // From the highest score down.
    return averagePrecision(packRows(clusters, chosenLabels, chosenScores, sortedOrder(chosenScores).reverse()));
  };
}

/** The sum over ties, from the highest score down, of the weight of their positives times the precision down to them. */
function averagePrecision(entries: Uint32Array): ClusterStatistic {
  return (weights) => {
    let area = 0;
    let positives = 0;
    let rows = 0;
    let tiedPositives = 0;
    for (let position = 0; position < entries.length; position++) {
      const entry = entries[position] as number;
      const weight = weights[entry >>> 2] as number;
      rows += weight;
      tiedPositives += weight * ((entry >>> 1) & 1); // a multiplication, because a branch would be mispredicted
      if (!(entry & LAST_OF_TIE) || tiedPositives === 0) continue;
      positives += tiedPositives;
      area += (tiedPositives * positives) / rows;
      tiedPositives = 0;
    }
    return area / positives;
  };
}
