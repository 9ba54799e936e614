import { bestSplit, type LeafSums, type Split, type SplitLimits, unpack } from './best-split.ts';
import type { BoostingCrew } from './boosting-crew.ts';
import { type BoostingState, histogramStride, operations, slots } from './boosting-state.ts';
import type { Tree } from './prediction-model.ts';

/** What growing a tree needs besides the shared state; `pool` is kept between trees so that histograms are not allocated anew. */
export interface Grower {
  state: BoostingState;
  crew: BoostingCrew;
  borders: readonly Float32Array[];
  binCounts: Int32Array;
  limits: SplitLimits;
  learningRate: number;
  pool: Float64Array[];
}

interface Leaf {
  sums: LeafSums;
  histogram: Float64Array;
  split: Split | null;
  /** Where the tree points at this leaf, to be turned to the node that splits it; -1 at the root. */
  node: number;
  side: 'left' | 'right';
}

/** Histograms for the leaves of one tree. */
export const createPool = (state: BoostingState): Float64Array[] =>
  Array.from({ length: state.leaves }, () => new Float64Array(state.features * histogramStride));

/**
 * Grows one tree leaf-wise: always the leaf whose split gains most, ties to the older leaf, until `leaves` is reached or nothing gains.
 * Only the smaller child of a split is added up; the larger one is the parent less the smaller. Adds each split's gain to `importance`.
 */
export function growTree(grower: Grower, importance: Float64Array): Tree {
  const { state, crew, pool } = grower;
  const tree: Tree = { feature: [], threshold: [], missingLeft: [], left: [], right: [], leafValue: [] };
  crew.run(operations.start, state.rows);
  const root = pool[0] as Float64Array;
  gather(state, root, null);
  const leaves: Leaf[] = [newLeaf(grower, root, totals(state, root), -1, 'left')];
  while (leaves.length < state.leaves) {
    const leaf = mostGaining(leaves);
    const split = leaves[leaf]?.split;
    if (!split) break;
    splitOnce(grower, tree, leaves, leaf, split);
    importance[split.feature] = (importance[split.feature] as number) + split.gain;
  }
  for (const { sums } of leaves)
    tree.leafValue.push(Math.fround((-grower.learningRate * sums.gradient) / (sums.hessian + grower.limits.l2)));
  shareTree(state, tree);
  return tree;
}

function mostGaining(leaves: readonly Leaf[]): number {
  let best = 0;
  for (let i = 1; i < leaves.length; i++)
    if ((leaves[i]?.split?.gain ?? 0) > (leaves[best]?.split?.gain ?? 0)) best = i;
  return best;
}

function splitOnce(grower: Grower, tree: Tree, leaves: Leaf[], at: number, split: Split): void {
  const { state, crew, borders, pool } = grower;
  const { control } = state;
  const leaf = leaves[at] as Leaf;
  const node = tree.feature.length;
  const created = leaves.length;
  if (leaf.node >= 0) tree[leaf.side][leaf.node] = node;
  tree.feature.push(split.feature);
  tree.threshold.push(borders[split.feature]?.[split.bin - 1] as number);
  tree.missingLeft.push(split.missingLeft);
  tree.left.push(-at - 1);
  tree.right.push(-created - 1);
  const leftIsSmaller = split.left.count < split.right.count;
  state.nodes.set([split.feature, split.bin, split.missingLeft ? 1 : 0], node * 5);
  control[slots.leaf] = at;
  control[slots.newLeaf] = created;
  control[slots.feature] = split.feature;
  control[slots.bin] = split.bin;
  control[slots.missingLeft] = split.missingLeft ? 1 : 0;
  control[slots.buildLeft] = leftIsSmaller ? 1 : 0;
  crew.run(operations.split, leaf.sums.count);
  const smaller = pool[created] as Float64Array;
  const larger = leaf.histogram;
  gather(state, smaller, larger);
  leaves[at] = newLeaf(grower, leftIsSmaller ? smaller : larger, split.left, node, 'left');
  leaves.push(newLeaf(grower, leftIsSmaller ? larger : smaller, split.right, node, 'right'));
}

function newLeaf(grower: Grower, histogram: Float64Array, sums: LeafSums, node: number, side: 'left' | 'right'): Leaf {
  return {
    sums,
    histogram,
    split: bestSplit(grower.state, histogram, grower.binCounts, sums, grower.limits),
    node,
    side,
  };
}

/** Adds the histograms of the threads that took part into `into`, and takes them off `from`. */
function gather(state: BoostingState, into: Float64Array, from: Float64Array | null): void {
  const size = into.length;
  const { histograms, threads, tookPart } = state;
  const generation = state.control[slots.generation];
  let any = false;
  for (let thread = 0; thread < threads; thread++) {
    if (tookPart[thread] !== generation) continue;
    const offset = thread * size;
    if (any) for (let i = 0; i < size; i++) into[i] = (into[i] as number) + (histograms[offset + i] as number);
    else into.set(histograms.subarray(offset, offset + size));
    any = true;
  }
  if (from) for (let i = 0; i < size; i++) from[i] = (from[i] as number) - (into[i] as number);
}

/** Sums of the root: those of any feature's bins. */
function totals(state: BoostingState, histogram: Float64Array): LeafSums {
  const offset = (state.chosen[0] as number) * histogramStride;
  let gradient = 0;
  let packed = 0;
  for (let k = offset; k < offset + histogramStride; k += 2) {
    gradient += histogram[k] as number;
    packed += histogram[k + 1] as number;
  }
  return { gradient, ...unpack(state, packed) };
}

/** Writes the tree where the threads score with it. */
function shareTree(state: BoostingState, tree: Tree): void {
  for (let node = 0; node < tree.feature.length; node++)
    state.nodes.set([tree.left[node] as number, tree.right[node] as number], node * 5 + 3);
  state.leafValue.set(tree.leafValue);
  state.control[slots.nodes] = tree.feature.length;
}
