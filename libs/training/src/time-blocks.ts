import { InputError } from '@repo/contract/input-error';
import type { PredictionModel } from './prediction-model.ts';
import { scoreRaw } from './score.ts';
import { selectRows, type TrainingMatrix } from './training-matrix.ts';

/** Time blocks of the out-of-fold predictions of our own trainer: five give four forward-chained folds. */
export const outOfFoldBlocks = 5;

/** One step of an expanding window: learn from all earlier blocks, predict this one. Row numbers ascend. */
export interface Fold {
  /** From 1; block 0 is only ever learned from. */
  block: number;
  train: Uint32Array;
  test: Uint32Array;
}

/** Anything that makes a model of a matrix. */
export type Learner = (train: TrainingMatrix) => PredictionModel | Promise<PredictionModel>;

/** Scores of rows by models that never saw them or anything later. */
export interface OutOfFold {
  rows: Uint32Array;
  raw: Float32Array;
  labels: Float32Array;
  /** Block of each row, for {@link chooseCalibration}. */
  blocks: Uint32Array;
}

/**
 * Cuts rows into `blocks` runs of time of about equal size, rows of one time kept together, and returns the `blocks - 1` folds of an
 * expanding window. `times` may be in any unit. Throws InputError when there are not enough different times.
 */
export function timeBlockedFolds(times: ArrayLike<number> | BigInt64Array, blocks: number): Fold[] {
  const at = (row: number) => Number(times[row]);
  const order = Uint32Array.from({ length: times.length }, (_, row) => row).sort((a, b) => at(a) - at(b) || a - b);
  const starts = [0];
  for (let block = 1; block < blocks; block++) {
    let start = Math.max(Math.round((times.length * block) / blocks), (starts.at(-1) as number) + 1);
    while (start < times.length && at(order[start] as number) === at(order[start - 1] as number)) start++;
    starts.push(start);
  }
  if ((starts.at(-1) as number) >= times.length || blocks < 2)
    throw new InputError({
      path: 'blocks',
      received: `${blocks} blocks for ${times.length} rows`,
      allowed: 'from 2 to as many as there are different times',
      action: 'choose fewer blocks or more training time',
    });
  return starts.slice(1).map((start, i) => ({
    block: i + 1,
    train: order.slice(0, start).sort(),
    test: order.slice(start, starts[i + 2] ?? times.length).sort(),
  }));
}

/** Fits `learner` once per fold and scores the fold's test rows. */
export async function outOfFoldScores(
  matrix: TrainingMatrix,
  times: ArrayLike<number> | BigInt64Array,
  blocks: number,
  learner: Learner,
): Promise<OutOfFold> {
  const folds = timeBlockedFolds(times, blocks);
  const size = folds.reduce((sum, fold) => sum + fold.test.length, 0);
  const result = {
    rows: new Uint32Array(size),
    raw: new Float32Array(size),
    labels: new Float32Array(size),
    blocks: new Uint32Array(size),
  };
  let from = 0;
  for (const fold of folds) {
    const model = await learner(selectRows(matrix, fold.train));
    const test = selectRows(matrix, fold.test);
    result.rows.set(fold.test, from);
    result.raw.set(scoreRaw(model, test.columns, test.rows), from);
    result.labels.set(test.labels, from);
    result.blocks.fill(fold.block, from, from + test.rows);
    from += test.rows;
  }
  return result;
}
