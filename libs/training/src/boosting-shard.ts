import { type BoostingState, blockRows, shardCount, slots } from './boosting-state.ts';
import type { HistogramKernel } from './histogram-kernel.ts';
import { leastProbability, sigmoid } from './objective.ts';

/** A part of the rows: whole blocks from `from` to `to`, and where each leaf's rows lie in `order`. */
export interface Shard {
  from: number;
  to: number;
  begin: Uint32Array;
  end: Uint32Array;
}

/** What a thread adds up rows with, and into. */
export interface Adder {
  kernel: HistogramKernel;
  histogram: Float64Array;
}

/** All shards, each with an equal share of the blocks; their contents are shared memory. */
export function createShards(state: BoostingState): Shard[] {
  const blocks = Math.ceil(state.rows / blockRows);
  const edge = (part: number) => Math.min(state.rows, Math.floor((blocks * part) / shardCount) * blockRows);
  return Array.from({ length: shardCount }, (_, i) => ({
    from: edge(i),
    to: i + 1 === shardCount ? state.rows : edge(i + 1),
    begin: state.leafBegin.subarray(i * state.leaves, (i + 1) * state.leaves),
    end: state.leafEnd.subarray(i * state.leaves, (i + 1) * state.leaves),
  }));
}

/** Puts the rows of the bag into leaf 0 and adds up its histogram. */
export function startTree(state: BoostingState, shard: Shard, adder: Adder): void {
  const { order, inBag } = state;
  let at = shard.from;
  for (let row = shard.from; row < shard.to; row++) if (inBag[row] === 1) order[at++] = row;
  shard.begin[0] = shard.from;
  shard.end[0] = at;
  addUp(state, shard, adder, 0);
}

/** Splits a leaf as `control` says: rows that go right move to the new leaf, both in their old order; then adds up the child that `control` names. */
export function splitLeaf(state: BoostingState, shard: Shard, adder: Adder): void {
  const { control, order, spill, binColumns, rows } = state;
  const leaf = control[slots.leaf] as number;
  const newLeaf = control[slots.newLeaf] as number;
  const column = (control[slots.feature] as number) * rows;
  const begin = shard.begin[leaf] as number;
  const end = shard.end[leaf] as number;
  // Which bins go right, looked up instead of compared: a row costs no branch, which would be guessed wrong half the time.
  const goesRight = new Uint8Array(256).fill(1, (control[slots.bin] as number) + 1);
  goesRight[0] = 1 - (control[slots.missingLeft] as number);
  let left = begin;
  let right = begin;
  for (let i = begin; i < end; i++) {
    const row = order[i] as number;
    const step = goesRight[binColumns[column + row] as number] as number;
    order[left] = row;
    spill[right] = row;
    left += 1 - step;
    right += step;
  }
  order.set(spill.subarray(begin, right), left);
  shard.end[leaf] = left;
  shard.begin[newLeaf] = left;
  shard.end[newLeaf] = end;
  addUp(state, shard, adder, control[slots.buildLeft] === 1 ? leaf : newLeaf);
}

/** Adds the shard's rows of a leaf to the thread's histogram, for every feature. */
function addUp(state: BoostingState, shard: Shard, adder: Adder, leaf: number): void {
  const { bins, derivatives, order } = state;
  const from = order.byteOffset + 4 * (shard.begin[leaf] as number);
  const to = order.byteOffset + 4 * (shard.end[leaf] as number);
  if (from < to) adder.kernel(from, to, derivatives.byteOffset, bins.byteOffset, adder.histogram.byteOffset);
}

/** Adds the finished tree to the scores of the shard's rows, then takes derivatives and losses for the next round. */
export function finishTree(state: BoostingState, shard: Shard): void {
  const { scores, order, leafValue, inBag, bins, features } = state;
  const nodes = state.control[slots.nodes] as number;
  for (let leaf = 0; leaf <= nodes; leaf++) {
    const value = leafValue[leaf] as number;
    const end = shard.end[leaf] as number;
    for (let i = shard.begin[leaf] as number; i < end; i++) {
      const row = order[i] as number;
      scores[row] = (scores[row] as number) + value;
    }
  }
  for (let row = shard.from; row < shard.to; row++)
    if (inBag[row] === 0)
      scores[row] = (scores[row] as number) + (leafValue[leafOf(state.nodes, nodes, bins, row * features)] as number);
  takeDerivatives(state, shard);
}

/** The leaf that the binned row at `at` of `bins` reaches. */
export function leafOf(nodes: Int32Array, count: number, bins: Uint8Array, at: number): number {
  let node = count === 0 ? -1 : 0;
  while (node >= 0) {
    const place = node * 5;
    const own = bins[at + (nodes[place] as number)] as number;
    const left = own === 0 ? nodes[place + 2] === 1 : own <= (nodes[place + 1] as number);
    node = nodes[place + (left ? 3 : 4)] as number;
  }
  return -node - 1;
}

/** Derivatives of the loss at the current scores, and the loss of each block of the shard. */
export function takeDerivatives(state: BoostingState, shard: Shard): void {
  for (let from = shard.from; from < shard.to; from += blockRows) {
    const to = Math.min(from + blockRows, shard.to);
    const loss = state.objective === 'binary' ? logisticBlock(state, from, to) : squaredBlock(state, from, to);
    state.blockLoss[from / blockRows] = loss;
  }
}

function logisticBlock(state: BoostingState, from: number, to: number): number {
  const { scores, labels, derivatives, base, gradientRounder } = state;
  const one = 2 ** state.countShift;
  const hessianScale = 2 ** state.hessianShift;
  let loss = 0;
  // One logarithm for many rows: the likelihood of the block so far, before it gets too small for a float64.
  let likelihood = 1;
  for (let row = from; row < to; row++) {
    const probability = sigmoid(Math.fround((scores[row] as number) + base));
    const label = labels[row] as number;
    derivatives[2 * row] = probability - label + gradientRounder - gradientRounder;
    derivatives[2 * row + 1] = one + Math.round(probability * (1 - probability) * hessianScale);
    // The probability of what happened: p for label 1, 1 - p for label 0.
    likelihood *= Math.max(Math.abs(1 - label - probability), leastProbability);
    if (likelihood < 1e-200) {
      loss -= Math.log(likelihood);
      likelihood = 1;
    }
  }
  return loss - Math.log(likelihood);
}

function squaredBlock(state: BoostingState, from: number, to: number): number {
  const { scores, labels, derivatives, base, gradientRounder } = state;
  let loss = 0;
  for (let row = from; row < to; row++) {
    const residual = Math.fround((scores[row] as number) + base) - (labels[row] as number);
    derivatives[2 * row] = residual + gradientRounder - gradientRounder;
    derivatives[2 * row + 1] = 1;
    loss += 0.5 * residual * residual;
  }
  return loss;
}
