import { calibrationBins } from './calibration-bins.ts';
import { chooseRows } from './chosen-rows.ts';
import type { Column } from './column.ts';
import { normalCdf, normalDensity } from './normal-distribution.ts';
import type { ClusterStatistic, Clusters, PairedStatistic } from './paired-bootstrap.ts';
import { sortedOrder } from './sorted-order.ts';

/** What each cluster has in each bin, cell by cell; only cells that have rows. */
interface Cells {
  readonly binCount: number;
  readonly cluster: Int32Array;
  readonly bin: Int32Array;
  readonly rows: Float64Array;
  /** Sum of probability - label. */
  readonly excess: Float64Array;
}

/**
 * The statistic "debiased expected calibration error" for a bootstrap, of all rows or of those whose `among` is 1, in the
 * 15 bins that `calibrationBins` makes of these rows, the same in every resample; which costs 30 passes over clusters at
 * most. Other than in `debiasedCalibrationError`, a bin's noise is measured by how its clusters differ. The weights of a
 * resample double the noise measured, so what they add to the error is taken away as well, and the interval is not
 * shifted by it, as long as gaps are larger than their noise. Of a calibrated model about 0.6 of the noise is left, and
 * the interval stays above 0.
 * Throws RangeError (from the bootstrap) when a column is of another length than the clusters, a label is not 0 or 1, a
 * probability outside [0, 1], `among` is not 0 or 1 or is 1 nowhere.
 * Source of the correction of each bin: the mean of the folded normal, as in `debiasedCalibrationError`.
 */
export function calibrationErrorOf(labels: Column, probabilities: Column, among?: Column): PairedStatistic {
  return (allClusters) => {
    const { clusters, columns } = chooseRows(allClusters, { labels, probabilities }, among);
    const [chosenLabels, chosenProbabilities] = columns as [Float64Array, Float64Array];
    return errorOf(sumCells(clusters, chosenLabels, chosenProbabilities));
  };
}

function sumCells({ ofRow, count }: Clusters, labels: Float64Array, probabilities: Float64Array): Cells {
  const bins = calibrationBins(labels, probabilities); // runs of rows in ascending order of probability
  const rows = new Float64Array(count * bins.length);
  const excess = new Float64Array(rows.length);
  const order = sortedOrder(probabilities);
  let start = 0;
  bins.forEach((bin, index) => {
    for (const row of order.subarray(start, start + bin.count)) {
      const cell = (ofRow[row] as number) * bins.length + index;
      rows[cell] = (rows[cell] as number) + 1;
      excess[cell] = (excess[cell] as number) + (probabilities[row] as number) - (labels[row] as number);
    }
    start += bin.count;
  });
  const filled = Int32Array.from(rows.keys()).filter((cell) => rows[cell] !== 0);
  return {
    binCount: bins.length,
    cluster: filled.map((cell) => Math.floor(cell / bins.length)),
    bin: filled.map((cell) => cell % bins.length),
    rows: rows.filter((inCell) => inCell !== 0),
    excess: excess.filter((_, cell) => rows[cell] !== 0),
  };
}

function errorOf(cells: Cells): ClusterStatistic {
  const rows = new Float64Array(cells.binCount);
  const excess = new Float64Array(cells.binCount);
  const squares = new Float64Array(cells.binCount);
  return (weights) => {
    rows.fill(0);
    excess.fill(0);
    squares.fill(0);
    for (let cell = 0; cell < cells.bin.length; cell++) {
      const bin = cells.bin[cell] as number;
      const weight = weights[cells.cluster[cell] as number] as number;
      rows[bin] = (rows[bin] as number) + weight * (cells.rows[cell] as number);
      excess[bin] = (excess[bin] as number) + weight * (cells.excess[cell] as number);
    }
    for (let cell = 0; cell < cells.bin.length; cell++) {
      const bin = cells.bin[cell] as number;
      const weight = weights[cells.cluster[cell] as number] as number;
      const expected = ((excess[bin] as number) / (rows[bin] as number)) * (cells.rows[cell] as number);
      squares[bin] = (squares[bin] as number) + (weight * ((cells.excess[cell] as number) - expected)) ** 2;
    }
    let error = 0; // in rows
    for (let bin = 0; bin < cells.binCount; bin++)
      error += debiasedSize(excess[bin] as number, Math.sqrt(squares[bin] as number));
    return error / rows.reduce((sum, inBin) => sum + inBin, 0);
  };
}

/** |value| less what normal noise adds to it on average. */
function debiasedSize(value: number, noise: number): number {
  const size = Math.abs(value);
  if (!(noise > 0)) return size; // also for a bin that the resample left empty
  const foldedMean = 2 * noise * normalDensity(size / noise) + size * (1 - 2 * normalCdf(-size / noise));
  return 2 * size - foldedMean;
}
