import { chooseRows } from './chosen-rows.ts';
import { checkClasses } from './class-scores.ts';
import type { Column } from './column.ts';
import type { PairedStatistic } from './paired-bootstrap.ts';
import { weightedAuc } from './weighted-auc.ts';

/**
 * The statistic "AUC of `scores`" for a bootstrap, of all rows or of those whose `among` is 1; see `auc`. Rows are sorted
 * once, so a resample costs a pass over the rows. A resample without a class leaves it undefined.
 * Throws RangeError (from the bootstrap) when a column is of another length than the clusters, a label is not 0 or 1, a
 * score is NaN, a class is absent among the rows, `among` is not 0 or 1 or is 1 nowhere.
 */
export function aucOf(labels: Column, scores: Column, among?: Column): PairedStatistic {
  return (allClusters) => {
    const { clusters, columns } = chooseRows(allClusters, { labels, scores }, among);
    const [chosenLabels, chosenScores] = columns as [Float64Array, Float64Array];
    checkClasses(chosenLabels, { scores: chosenScores });
    return weightedAuc(clusters, chosenLabels, chosenScores);
  };
}
