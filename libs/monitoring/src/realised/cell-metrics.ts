import type { GateMetric } from '@repo/contract/gate-policy';
import type { ClusterStatistic, Clusters } from '@repo/stats/paired-bootstrap';
import type { Cells } from './cells.ts';

/** How much cell i counts. */
type WeightOf = (cell: number) => number;

/** A mean over rows: the sums of one column over the rows. */
const meanOf =
  (column: keyof Omit<Cells, 'day'>) =>
  (cells: Cells, weight: WeightOf): number => {
    let [sum, rows] = [0, 0];
    for (let cell = 0; cell < cells.rows.length; cell++) {
      sum += weight(cell) * (cells[column][cell] as number);
      rows += weight(cell) * (cells.rows[cell] as number);
    }
    return sum / rows;
  };

/** Pairs of a yes and a no whose yes has the higher score; rows of one class of scores tie, and ties count half. */
function auc({ rows, positives, scores }: Cells, weight: WeightOf): number {
  let [won, yes, no, tiedYes, tiedNo, at] = [0, 0, 0, 0, 0, Number.NaN];
  for (let cell = 0; cell <= rows.length; cell++) {
    const bin =
      cell < rows.length ? Math.floor(((scores[cell] as number) / (rows[cell] as number)) * 2048) : Number.NaN;
    if (bin !== at) {
      won += tiedYes * (no + tiedNo / 2);
      [yes, no, tiedYes, tiedNo, at] = [yes + tiedYes, no + tiedNo, 0, 0, bin];
    }
    if (cell === rows.length) break;
    tiedYes += weight(cell) * (positives[cell] as number);
    tiedNo += weight(cell) * ((rows[cell] as number) - (positives[cell] as number));
  }
  return won / (yes * no);
}

/** Average precision: the mean over the yeses of the share of yes among what scores as high or higher. */
function prAuc({ rows, positives }: Cells, weight: WeightOf): number {
  let [sum, yes, above] = [0, 0, 0];
  for (let cell = rows.length - 1; cell >= 0; cell--) {
    const more = weight(cell) * (positives[cell] as number);
    yes += more;
    above += weight(cell) * (rows[cell] as number);
    if (more > 0) sum += more * (yes / above);
  }
  return sum / yes;
}

/** Fewest rows of a bin of calibration: with fewer, noise alone looks like an error. */
const calibrationRows = 100;

/** Mean distance between score and share of yes in at most 15 bins of about equal size. */
export function calibrationError({ rows, positives, scores }: Cells, weight: WeightOf = () => 1): number {
  let total = 0;
  for (let cell = 0; cell < rows.length; cell++) total += weight(cell) * (rows[cell] as number);
  const size = Math.max(calibrationRows, total / 15);
  let [error, inBin, excess] = [0, 0, 0];
  for (let cell = 0; cell < rows.length; cell++) {
    inBin += weight(cell) * (rows[cell] as number);
    excess += weight(cell) * ((scores[cell] as number) - (positives[cell] as number));
    if (inBin < size && cell < rows.length - 1) continue;
    error += Math.abs(excess);
    [inBin, excess] = [0, 0];
  }
  return error / total;
}

/** 1 - squared error / variance of the labels. */
function rSquared(cells: Cells, weight: WeightOf): number {
  const variance = meanOf('labelSquares')(cells, weight) - meanOf('labels')(cells, weight) ** 2;
  return 1 - meanOf('squares')(cells, weight) / variance;
}

const metrics: Readonly<Record<GateMetric, (cells: Cells, weight: WeightOf) => number>> = {
  logLoss: meanOf('losses'),
  mae: meanOf('losses'),
  brier: meanOf('squares'),
  rmse: (cells, weight) => Math.sqrt(meanOf('squares')(cells, weight)),
  r2: rSquared,
  auc,
  prAuc,
  ece: calibrationError,
};

/** A metric of cells whose days, numbered by `clusters`, count as often as the weights say; NaN where that leaves it undefined. */
export function cellStatistic(metric: GateMetric, cells: Cells): (clusters: Clusters) => ClusterStatistic {
  const of = metrics[metric];
  return ({ ofRow }) =>
    (weights) =>
      of(cells, (cell) => weights[ofRow[cell] as number] as number);
}

/** A metric of cells as they are. */
export const cellMetric = (metric: GateMetric, cells: Cells): number => metrics[metric](cells, () => 1);
