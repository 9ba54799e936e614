import { createRandom, type Random } from '@repo/stats/random';
import { between } from './bins.ts';
import type { Tree, TreeEnsemble } from './prediction-model.ts';
import { scoreRaw } from './score.ts';
import type { TrainingMatrix } from './training-matrix.ts';

/** Settings of a forest. */
export interface ForestOptions {
  /** Default 100. */
  trees?: number;
  /** Rows that each tree is grown on; all of them where there are fewer. Default 256. */
  samples?: number;
  /** Of every draw. Default 1. */
  seed?: number;
}

/** A fitted isolation forest. */
export interface IsolationForest {
  /** Their sum is the path length of a row summed over the trees: depth of its leaf plus what a tree of the leaf's rows would add. */
  paths: TreeEnsemble;
  /** Mean path length that a score of one half stands for. */
  usualPath: number;
}

/**
 * Mean path length of an unsuccessful search in a binary tree of n rows, c(n) = 2 H(n - 1) - 2 (n - 1) / n, with the harmonic number H exact.
 */
export function usualPathOf(rows: number): number {
  let harmonic = 0;
  for (let i = 1; i < rows; i++) harmonic += 1 / i;
  return rows < 2 ? 0 : 2 * harmonic - (2 * (rows - 1)) / rows;
}

interface Growth {
  columns: readonly Float32Array[];
  random: Random;
  /** Deeper than this, a leaf's rows are estimated. */
  limit: number;
  /** Places of the features, in an order that every node draws anew. */
  order: Uint32Array;
  tree: Tree;
}

/**
 * Fits an isolation forest (Liu, Ting and Zhou, "Isolation forest", 2008): each tree cuts a random feature at a random point between its least
 * and greatest value until rows are alone or the usual depth is reached. A missing value goes the way of the more rows, so that being missing
 * is not strange by itself; categories are cut by their codes. Same matrix and options, same forest.
 */
export function fitIsolationForest(matrix: TrainingMatrix, options: ForestOptions = {}): IsolationForest {
  const { trees = 100, seed = 1 } = options;
  const samples = Math.min(options.samples ?? 256, matrix.rows);
  const random = createRandom(seed);
  const rows = Uint32Array.from({ length: matrix.rows }, (_, row) => row);
  const order = Uint32Array.from(matrix.columns, (_, place) => place);
  const limit = Math.ceil(Math.log2(samples));
  const grown = Array.from({ length: trees }, () => {
    for (let i = 0; i < samples; i++) draw(rows, i, random);
    const tree: Tree = { feature: [], threshold: [], missingLeft: [], left: [], right: [], leafValue: [] };
    grow({ columns: matrix.columns, random, limit, order, tree }, rows.slice(0, samples), 0);
    return tree;
  });
  const { featureNames } = matrix;
  return {
    paths: { kind: 'trees', objective: 'regression', featureNames, base: 0, trees: grown },
    // A forest on a single row has no path at all; 1 keeps the scores finite.
    usualPath: usualPathOf(samples) || 1,
  };
}

/** Outlier scores of rows: 2^(-mean path / usual path), from 0 to 1, higher is stranger. */
export function outlierScores(
  { paths, usualPath }: IsolationForest,
  columns: readonly Float32Array[],
  rows: number,
): Float64Array {
  const total = usualPath * paths.trees.length;
  return Float64Array.from(scoreRaw(paths, columns, rows), (path) => 2 ** (-path / total));
}

/** Swaps a random one of the entries from `at` on to place `at`. */
function draw(entries: Uint32Array, at: number, random: Random): number {
  const other = at + random.integer(entries.length - at);
  const chosen = entries[other] as number;
  entries[other] = entries[at] as number;
  entries[at] = chosen;
  return chosen;
}

/** Grows the tree below the given rows; answers the child that a parent refers to. */
function grow(growth: Growth, rows: Uint32Array, depth: number): number {
  const { columns, tree } = growth;
  const cut = rows.length > 1 && depth < growth.limit ? drawCut(growth, rows) : null;
  if (cut === null) return -tree.leafValue.push(Math.fround(depth + usualPathOf(rows.length)));
  const node = tree.feature.length;
  const column = columns[cut.feature] as Float32Array;
  const known = rows.filter((row) => !Number.isNaN(column[row]));
  const below = known.filter((row) => (column[row] as number) <= cut.threshold);
  const missingLeft = below.length * 2 >= known.length;
  tree.feature.push(cut.feature);
  tree.threshold.push(cut.threshold);
  tree.missingLeft.push(missingLeft);
  tree.left.push(0);
  tree.right.push(0);
  const isLeft = (row: number) => (Number.isNaN(column[row]) ? missingLeft : (column[row] as number) <= cut.threshold);
  tree.left[node] = grow(growth, rows.filter(isLeft), depth + 1);
  tree.right[node] = grow(
    growth,
    rows.filter((row) => !isLeft(row)),
    depth + 1,
  );
  return node;
}

/** A random feature among those that differ between the rows, and a float32 threshold with rows on both sides; null when all rows are alike. */
function drawCut({ columns, random, order }: Growth, rows: Uint32Array): { feature: number; threshold: number } | null {
  for (let i = 0; i < order.length; i++) {
    const feature = draw(order, i, random);
    const column = columns[feature] as Float32Array;
    let [low, high] = [Infinity, -Infinity];
    for (const row of rows) {
      const value = column[row] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low >= high) continue;
    const threshold = Math.fround(low + random.next() * (high - low));
    return { feature, threshold: threshold < high ? threshold : between(low, high) };
  }
  return null;
}
