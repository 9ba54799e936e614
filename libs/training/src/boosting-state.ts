import { InputError } from '@repo/contract/input-error';
import { binColumn, interleave } from './bins.ts';
import type { Objective } from './prediction-model.ts';
import type { TrainingMatrix } from './training-matrix.ts';

/** Doubles of one feature in a histogram: gradient sum and packed weight for each of 256 bins. */
export const histogramStride = 512;

/** Parts of the rows that threads take in turn: more than threads, so that one that is held up leaves its share to the others. */
export const shardCount = 8;

/** Rows of a loss block. Shards are whole blocks, and the blocks' losses are added in order. */
export const blockRows = 4096;

/** What the main thread asks for; see boosting-crew.ts. */
export const operations = { start: 1, split: 2, finish: 3, derive: 4, stop: 5 } as const;

/** Places in `control`. */
export const slots = {
  generation: 0,
  next: 1,
  done: 2,
  failed: 3,
  operation: 4,
  leaf: 5,
  newLeaf: 6,
  feature: 7,
  bin: 8,
  missingLeft: 9,
  buildLeft: 10,
  features: 11,
  nodes: 12,
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
  /** Holds every array below. */
  memory: WebAssembly.Memory;
  control: Int32Array;
  /** Bins row after row: to add up rows. */
  bins: Uint8Array;
  /** Bins feature after feature: to split by one feature. */
  binColumns: Uint8Array;
  labels: Float32Array;
  /** float32 sum of the trees so far, without the base. */
  scores: Float32Array;
  /** Gradient and packed weight of row r at 2r and 2r + 1. */
  derivatives: Float64Array;
  /** Row numbers; each shard's range of them is ordered by leaf. */
  order: Uint32Array;
  spill: Uint32Array;
  /** 1 when the row takes part in the current tree. */
  inBag: Uint8Array;
  /** Features of the current tree. */
  chosen: Int32Array;
  /** Where each leaf's rows begin and end in `order`, shard after shard. */
  leafBegin: Uint32Array;
  leafEnd: Uint32Array;
  /** The last operation (by generation) that each thread had a part in. */
  tookPart: Int32Array;
  /** One partial histogram per thread. */
  histograms: Float64Array;
  blockLoss: Float64Array;
  leafValue: Float32Array;
  /** Nodes of the current tree, five numbers each: feature, bin, missing left, left, right. */
  nodes: Int32Array;
}

/** A WebAssembly page; a memory has at most 65,536 of them. */
const pageBytes = 65_536;

/** One shared memory with room for parts of the given byte lengths, and where each part starts. */
function createArena<Part extends string>(
  sizes: Record<Part, number>,
): { memory: WebAssembly.Memory; at: Record<Part, number> } {
  const at = {} as Record<Part, number>;
  let end = 0;
  for (const part of Object.keys(sizes) as Part[]) {
    at[part] = end;
    end += Math.ceil(sizes[part] / 64) * 64;
  }
  const pages = Math.max(1, Math.ceil(end / pageBytes));
  if (pages > 65_536)
    throw new InputError({
      path: 'train',
      received: `a matrix that takes ${Math.ceil(end / 2 ** 30)} GiB`,
      allowed: 'at most 4 GiB: 40 bytes + two per feature for each row',
      action: 'train on fewer rows, or with a trainer command',
    });
  return { memory: new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }), at };
}

/** Allocates and fills the shared memory of one fit: about 40 bytes + two per feature for each row. Throws InputError beyond 4 GiB. */
export function createBoostingState(
  matrix: TrainingMatrix,
  borders: readonly Float32Array[],
  options: { objective: Objective; base: number; leaves: number; threads: number },
): BoostingState {
  const { rows, labels } = matrix;
  const { leaves, threads } = options;
  const features = matrix.columns.length;
  const blocks = Math.ceil(rows / blockRows);
  const { memory, at } = createArena({
    ...{ control: 64, bins: rows * features, binColumns: rows * features, labels: rows * 4, scores: rows * 4 },
    ...{ derivatives: rows * 16, order: rows * 4, spill: rows * 4, inBag: rows, chosen: features * 4 },
    ...{
      leafBegin: shardCount * leaves * 4,
      leafEnd: shardCount * leaves * 4,
      tookPart: threads * 4,
      histograms: threads * features * histogramStride * 8,
      blockLoss: blocks * 8,
      leafValue: leaves * 4,
      nodes: leaves * 20,
    },
  });
  const { buffer } = memory;
  const state: BoostingState = {
    ...options,
    ...precision(matrix, options),
    rows,
    features,
    memory,
    control: new Int32Array(buffer, at.control, 16),
    bins: new Uint8Array(buffer, at.bins, rows * features),
    binColumns: new Uint8Array(buffer, at.binColumns, rows * features),
    labels: new Float32Array(buffer, at.labels, rows),
    scores: new Float32Array(buffer, at.scores, rows),
    derivatives: new Float64Array(buffer, at.derivatives, rows * 2),
    order: new Uint32Array(buffer, at.order, rows),
    spill: new Uint32Array(buffer, at.spill, rows),
    inBag: new Uint8Array(buffer, at.inBag, rows).fill(1),
    chosen: new Int32Array(buffer, at.chosen, features),
    leafBegin: new Uint32Array(buffer, at.leafBegin, shardCount * leaves),
    leafEnd: new Uint32Array(buffer, at.leafEnd, shardCount * leaves),
    tookPart: new Int32Array(buffer, at.tookPart, threads),
    histograms: new Float64Array(buffer, at.histograms, threads * features * histogramStride),
    blockLoss: new Float64Array(buffer, at.blockLoss, blocks),
    leafValue: new Float32Array(buffer, at.leafValue, leaves),
    nodes: new Int32Array(buffer, at.nodes, leaves * 5),
  };
  state.labels.set(labels);
  matrix.columns.forEach((column, feature) => {
    binColumn(column, borders[feature] as Float32Array, state.binColumns.subarray(feature * rows));
  });
  interleave(state.binColumns, features, state.bins);
  return state;
}

/** How finely derivatives are kept, so that every sum over the rows is exact. */
function precision(matrix: TrainingMatrix, options: { objective: Objective; base: number }) {
  const rowBits = Math.ceil(Math.log2(matrix.rows + 1));
  const binary = options.objective === 'binary';
  const furthest = binary
    ? 1
    : matrix.labels.reduce((max, label) => Math.max(max, Math.abs(label - options.base)), 1e-30);
  // Twice the furthest residual leaves room for predictions that overshoot; 1.5 x 2^52 x grid has the grid as its last bit.
  const grid = 2 ** (Math.ceil(Math.log2(furthest)) + 1 + rowBits - 52);
  // Hessians of the log-loss are at most 1/4; those of the squared error are all 1, which the count says already.
  const countShift = binary ? 52 - rowBits : 0;
  return { gradientRounder: 1.5 * 2 ** 52 * grid, countShift, hessianShift: countShift - rowBits + 2 };
}
