import { binRows } from './bins.ts';
import type { Objective } from './prediction-model.ts';
import type { TrainingMatrix } from './training-matrix.ts';

/** Doubles of one feature in a histogram: gradient sum and packed weight for each of 256 bins. */
export const histogramStride = 512;

/** Rows of a loss block. Threads own whole blocks, so that losses add up in the same order for any number of threads. */
export const blockRows = 4096;

/** What the main thread asks for; see boosting-crew.ts. */
export const operations = { start: 1, split: 2, finish: 3, derive: 4, stop: 5 } as const;

/** Places in `control`. */
export const slots = {
  generation: 0,
  done: 1,
  failed: 2,
  operation: 3,
  leaf: 4,
  newLeaf: 5,
  feature: 6,
  bin: 7,
  missingLeft: 8,
  buildLeft: 9,
  features: 10,
  nodes: 11,
} as const;

/**
 * Everything that training threads share, all of it in shared memory.
 *
 * Derivatives are rounded to a grid of powers of two, coarse enough that any sum over all rows stays an exact float64 integer multiple of the grid.
 * Sums of any order, and differences of sums, are then exact: the model does not depend on the number of threads.
 * A row's weight packs its count and its hessian into one such number: `2^countShift + hessian x 2^hessianShift`.
 */
export interface BoostingState {
  objective: Objective;
  rows: number;
  features: number;
  threads: number;
  leaves: number;
  base: number;
  /** Adding and subtracting this float64 rounds a gradient to the grid. */
  gradientRounder: number;
  countShift: number;
  hessianShift: number;
  control: Int32Array;
  bins: Uint8Array;
  labels: Float32Array;
  /** float32 sum of the trees so far, without the base. */
  scores: Float32Array;
  /** Gradient and packed weight of row r at 2r and 2r + 1. */
  derivatives: Float64Array;
  /** Row numbers; each thread keeps those of its own range ordered by leaf. */
  order: Uint32Array;
  spill: Uint32Array;
  /** 1 when the row takes part in the current tree. */
  inBag: Uint8Array;
  /** Features of the current tree. */
  chosen: Int32Array;
  /** One partial histogram per thread. */
  histograms: Float64Array;
  blockLoss: Float64Array;
  leafValue: Float32Array;
  /** Nodes of the current tree, five numbers each: feature, bin, missing left, left, right. */
  nodes: Int32Array;
}

const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);

/** Allocates the shared memory of one fit: about 40 bytes + one per feature for each row. */
export function createBoostingState(
  matrix: TrainingMatrix,
  borders: readonly Float32Array[],
  options: { objective: Objective; base: number; leaves: number; threads: number },
): BoostingState {
  const { rows } = matrix;
  const features = matrix.columns.length;
  const labels = new Float32Array(shared(rows * 4));
  labels.set(matrix.labels);
  const rowBits = Math.ceil(Math.log2(rows + 1));
  const binary = options.objective === 'binary';
  const furthest = binary ? 1 : labels.reduce((max, label) => Math.max(max, Math.abs(label - options.base)), 1e-30);
  // Twice the furthest residual leaves room for predictions that overshoot; 1.5 x 2^52 x grid has the grid as its last bit.
  const grid = 2 ** (Math.ceil(Math.log2(furthest)) + 1 + rowBits - 52);
  // Hessians of the log-loss are at most 1/4; those of the squared error are all 1, which the count says already.
  const countShift = binary ? 52 - rowBits : 0;
  return {
    ...options,
    rows,
    features,
    gradientRounder: 1.5 * 2 ** 52 * grid,
    countShift,
    hessianShift: countShift - rowBits + 2,
    control: new Int32Array(shared(64)),
    bins: binRows(matrix.columns, rows, borders),
    labels,
    scores: new Float32Array(shared(rows * 4)),
    derivatives: new Float64Array(shared(rows * 16)),
    order: new Uint32Array(shared(rows * 4)),
    spill: new Uint32Array(shared(rows * 4)),
    inBag: new Uint8Array(shared(rows)).fill(1),
    chosen: new Int32Array(shared(features * 4)),
    histograms: new Float64Array(shared(options.threads * features * histogramStride * 8)),
    blockLoss: new Float64Array(shared(Math.ceil(rows / blockRows) * 8)),
    leafValue: new Float32Array(shared(options.leaves * 4)),
    nodes: new Int32Array(shared(options.leaves * 20)),
  };
}
