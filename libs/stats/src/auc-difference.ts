import { checkClasses } from './class-scores.ts';
import { type Column, checkRows } from './column.ts';
import type { PairedStatistic } from './paired-bootstrap.ts';
import { weightedAuc } from './weighted-auc.ts';

/**
 * The statistic "AUC of `scoresA` - AUC of `scoresB`" for `pairedBootstrap`: positive when A is better. A row counts as often
 * as its cluster. Rows are sorted once, so a resample costs one pass over the rows for each model.
 * Throws RangeError (from the bootstrap) when a column is of another length than the clusters, a label is not 0 or 1, a score
 * is NaN or a class is absent.
 */
export function aucDifference(labels: Column, scoresA: Column, scoresB: Column): PairedStatistic {
  return (clusters) => {
    checkRows({ clusters: clusters.ofRow, labels, scoresA, scoresB });
    checkClasses(labels, { scoresA, scoresB });
    const aucA = weightedAuc(clusters, labels, scoresA);
    const aucB = weightedAuc(clusters, labels, scoresB);
    return (weights) => aucA(weights) - aucB(weights);
  };
}
