import type { GateMetric } from '@repo/contract/gate-policy';
import type { ClusterStatistic, Clusters } from '@repo/stats/paired-bootstrap';
import type { Cells } from './cells.ts';

/** How much each cell counts. */
type Weights = Float64Array;

/** A mean over rows: the sums of one column over the rows. */
const meanOf =
  (column: keyof Omit<Cells, 'day' | 'bin'>) =>
  (cells: Cells, weights: Weights): number => {
    let [sum, rows] = [0, 0];
    for (let cell = 0; cell < cells.rows.length; cell++) {
      sum += (weights[cell] as number) * (cells[column][cell] as number);
      rows += (weights[cell] as number) * (cells.rows[cell] as number);
    }
    return sum / rows;
  };

/** Pairs of a yes and a no whose yes has the higher score; rows of one class of scores tie, and ties count half. */
function auc({ rows, positives, bin }: Cells, weights: Weights): number {
  let [won, yes, no, tiedYes, tiedNo] = [0, 0, 0, 0, 0];
  for (let cell = 0; cell < rows.length; cell++) {
    tiedYes += (weights[cell] as number) * (positives[cell] as number);
    tiedNo += (weights[cell] as number) * ((rows[cell] as number) - (positives[cell] as number));
    if (bin[cell] === bin[cell + 1]) continue;
    won += tiedYes * (no + tiedNo / 2);
    yes += tiedYes;
    no += tiedNo;
    tiedYes = 0;
    tiedNo = 0;
  }
  return won / (yes * no);
}

/** Average precision: the mean over the yeses of the share of yes among what scores as high or higher; rows of one class enter together. */
function prAuc({ rows, positives, bin }: Cells, weights: Weights): number {
  let [sum, yes, above, more] = [0, 0, 0, 0];
  for (let cell = rows.length - 1; cell >= 0; cell--) {
    more += (weights[cell] as number) * (positives[cell] as number);
    above += (weights[cell] as number) * (rows[cell] as number);
    if (bin[cell] === bin[cell - 1]) continue;
    yes += more;
    if (more > 0) sum += more * (yes / above);
    more = 0;
  }
  return sum / yes;
}

/** Fewest rows of a bin of calibration: with fewer, noise alone looks like an error. */
const calibrationRows = 100;

/** Mean distance between score and share of yes in at most 15 bins of about equal size, none of which ends within a class of scores. */
function calibrationError({ rows, positives, scores, bin }: Cells, weights: Weights): number {
  let total = 0;
  for (let cell = 0; cell < rows.length; cell++) total += (weights[cell] as number) * (rows[cell] as number);
  const size = Math.max(calibrationRows, total / 15);
  let [error, inBin, excess] = [0, 0, 0];
  for (let cell = 0; cell < rows.length; cell++) {
    inBin += (weights[cell] as number) * (rows[cell] as number);
    excess += (weights[cell] as number) * ((scores[cell] as number) - (positives[cell] as number));
    if (cell < rows.length - 1 && (inBin < size || bin[cell] === bin[cell + 1])) continue;
    error += Math.abs(excess);
    [inBin, excess] = [0, 0];
  }
  return error / total;
}

/** 1 - squared error / variance of the labels. */
function rSquared(cells: Cells, weights: Weights): number {
  const variance = meanOf('labelSquares')(cells, weights) - meanOf('labels')(cells, weights) ** 2;
  return 1 - meanOf('squares')(cells, weights) / variance;
}

const metrics: Readonly<Record<GateMetric, (cells: Cells, weights: Weights) => number>> = {
  logLoss: meanOf('losses'),
  mae: meanOf('losses'),
  brier: meanOf('squares'),
  rmse: (cells, weights) => Math.sqrt(meanOf('squares')(cells, weights)),
  r2: rSquared,
  auc,
  prAuc,
  ece: calibrationError,
};

/** A metric of cells whose days, numbered by `clusters`, count as often as the weights say; NaN where that leaves it undefined. */
export function cellStatistic(metric: GateMetric, cells: Cells): (clusters: Clusters) => ClusterStatistic {
  const of = metrics[metric];
  return ({ ofRow }) => {
    const byCell = new Float64Array(cells.rows.length);
    return (weights) => {
      for (let cell = 0; cell < byCell.length; cell++) byCell[cell] = weights[ofRow[cell] as number] as number;
      return of(cells, byCell);
    };
  };
}

/** A metric of cells as they are; NaN where they leave it undefined. */
export const cellMetric = (metric: GateMetric, cells: Cells): number =>
  metrics[metric](cells, new Float64Array(cells.rows.length).fill(1));
