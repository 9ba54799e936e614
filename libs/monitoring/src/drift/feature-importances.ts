import type { Task } from '@repo/contract/task';
import { createRandom, type Random } from '@repo/stats/random';
import { evaluate } from '@repo/training/evaluate';
import { rowMajor } from '@repo/training/row-major';
import { spreadRows } from '@repo/training/spread-rows';
import { selectRows, type TrainingMatrix } from '@repo/training/training-matrix';

/** What {@link featureImportances} asks, and about which rows. */
export interface FeatureImportancesOptions {
  readonly task: Task;
  /** Labelled rows that the model did not learn from. */
  readonly matrix: TrainingMatrix;
  /** Answers of so many rows, given one after the other. */
  readonly score: (values: Float32Array, rows: number) => Promise<Float32Array>;
  /** Most rows that are asked about, spread over all. Default 4000. */
  readonly mostRows?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** The column in another order, each order as likely as any. */
function shuffled(column: Float32Array, random: Random): Float32Array {
  const all = column.slice();
  for (let i = all.length - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [all[i], all[other]] = [all[other] as number, all[i] as number];
  }
  return all;
}

/**
 * The share of a model's skill that rests on each feature: how much its loss grows (log-loss, or the mean absolute error) when the values of that
 * feature alone are dealt out to the rows anew, over the sum of all. What two features both know is laid to neither. Null for a model whose loss
 * no feature changes. Asks the model once more than it has features.
 * Source: L. Breiman, "Random forests", Machine Learning 45 (2001), section 10.
 */
export async function featureImportances(options: FeatureImportancesOptions): Promise<Record<string, number> | null> {
  const { task, matrix: all, score, mostRows = 4000, seed = 1 } = options;
  const matrix = selectRows(all, spreadRows(all.rows, mostRows));
  const random = createRandom(seed);
  const lossOf = async (columns: readonly Float32Array[]): Promise<number> => {
    const answers = await score(rowMajor(columns, matrix.rows), matrix.rows);
    return evaluate(task, matrix.labels, answers)[task === 'binary' ? 'logLoss' : 'mae'] ?? 0;
  };
  const whole = await lossOf(matrix.columns);
  const losses: number[] = [];
  for (const [place, column] of matrix.columns.entries())
    losses.push(Math.max(0, (await lossOf(matrix.columns.with(place, shuffled(column, random)))) - whole));
  const total = losses.reduce((sum, loss) => sum + loss, 0);
  if (total === 0) return null;
  // Six digits: what onnxruntime adds up in another order on another processor is the same file.
  const shareOf = (loss: number): number => Number((loss / total).toFixed(6));
  return Object.fromEntries(matrix.featureNames.map((name, place) => [name, shareOf(losses[place] as number)]));
}
