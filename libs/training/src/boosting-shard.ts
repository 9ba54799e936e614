import { type BoostingState, blockRows, histogramStride, slots } from './boosting-state.ts';
import { leastProbability, sigmoid } from './objective.ts';

/** One thread's part of the rows: whole blocks from `from` to `to`, and where each leaf's rows lie in `order`. */
export interface Shard {
  thread: number;
  from: number;
  to: number;
  begin: Uint32Array;
  end: Uint32Array;
  histogram: Float64Array;
}

/** Thread `thread`'s part: an equal share of the blocks. */
export function createShard(state: BoostingState, thread: number): Shard {
  const blocks = Math.ceil(state.rows / blockRows);
  const edge = (part: number) => Math.min(state.rows, Math.floor((blocks * part) / state.threads) * blockRows);
  const size = state.features * histogramStride;
  return {
    thread,
    from: edge(thread),
    to: thread + 1 === state.threads ? state.rows : edge(thread + 1),
    begin: new Uint32Array(state.leaves),
    end: new Uint32Array(state.leaves),
    histogram: state.histograms.subarray(thread * size, (thread + 1) * size),
  };
}

/** Puts the rows of the bag into leaf 0 and adds up its histogram. */
export function startTree(state: BoostingState, shard: Shard): void {
  const { order, inBag } = state;
  let at = shard.from;
  for (let row = shard.from; row < shard.to; row++) if (inBag[row] === 1) order[at++] = row;
  shard.begin[0] = shard.from;
  shard.end[0] = at;
  addUp(state, shard, 0);
}

/** Splits a leaf as `control` says: rows that go right move to the new leaf, both in their old order; then adds up the child that `control` names. */
export function splitLeaf(state: BoostingState, shard: Shard): void {
  const { control, order, spill, bins, features } = state;
  const leaf = control[slots.leaf] as number;
  const newLeaf = control[slots.newLeaf] as number;
  const feature = control[slots.feature] as number;
  const bin = control[slots.bin] as number;
  const missingLeft = control[slots.missingLeft] as number;
  const begin = shard.begin[leaf] as number;
  const end = shard.end[leaf] as number;
  let left = begin;
  let right = begin;
  for (let i = begin; i < end; i++) {
    const row = order[i] as number;
    const own = bins[row * features + feature] as number;
    if (own === 0 ? missingLeft === 1 : own <= bin) order[left++] = row;
    else spill[right++] = row;
  }
  order.set(spill.subarray(begin, right), left);
  shard.end[leaf] = left;
  shard.begin[newLeaf] = left;
  shard.end[newLeaf] = end;
  addUp(state, shard, control[slots.buildLeft] === 1 ? leaf : newLeaf);
}

function addUp(state: BoostingState, shard: Shard, leaf: number): void {
  const { bins, derivatives, order, chosen, features } = state;
  const { histogram } = shard;
  const count = state.control[slots.features] as number;
  const begin = shard.begin[leaf] as number;
  const end = shard.end[leaf] as number;
  histogram.fill(0);
  if (count === features) {
    const size = features * histogramStride;
    for (let i = begin; i < end; i++) {
      const row = order[i] as number;
      const g = derivatives[2 * row] as number;
      const w = derivatives[2 * row + 1] as number;
      let at = row * features;
      for (let offset = 0; offset < size; offset += histogramStride) {
        const k = offset + ((bins[at++] as number) << 1);
        histogram[k] = (histogram[k] as number) + g;
        histogram[k + 1] = (histogram[k + 1] as number) + w;
      }
    }
    return;
  }
  for (let i = begin; i < end; i++) {
    const row = order[i] as number;
    const g = derivatives[2 * row] as number;
    const w = derivatives[2 * row + 1] as number;
    for (let j = 0; j < count; j++) {
      const feature = chosen[j] as number;
      const k = feature * histogramStride + ((bins[row * features + feature] as number) << 1);
      histogram[k] = (histogram[k] as number) + g;
      histogram[k + 1] = (histogram[k + 1] as number) + w;
    }
  }
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
    likelihood *= Math.max(label === 1 ? probability : 1 - probability, leastProbability);
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
