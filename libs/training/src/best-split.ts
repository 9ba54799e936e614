import { type BoostingState, histogramStride, slots } from './boosting-state.ts';

/** Sums over the rows of a leaf. */
export interface LeafSums {
  gradient: number;
  hessian: number;
  count: number;
}

/** A split of a leaf: bins 1 to `bin` go left, missing values to the learned side. */
export interface Split {
  /** Fall of the loss by this split, in twice the loss's units. */
  gain: number;
  feature: number;
  bin: number;
  missingLeft: boolean;
  left: LeafSums;
  right: LeafSums;
}

/** What a leaf must keep to be split, and the L2 penalty on its value. */
export interface SplitLimits {
  minLeafRows: number;
  l2: number;
}

/** Least hessian sum of a leaf: below it the Newton step G / H is noise. */
const minLeafHessian = 1e-3;

/** Unpacks a weight sum of the histogram into rows and hessian. */
export function unpack(state: BoostingState, packed: number): { count: number; hessian: number } {
  if (state.countShift === 0) return { count: packed, hessian: packed };
  const count = Math.floor(packed * 2 ** -state.countShift);
  return { count, hessian: (packed - count * 2 ** state.countShift) * 2 ** -state.hessianShift };
}

/**
 * The split of a leaf with the highest gain G_l^2 / (H_l + l2) + G_r^2 / (H_r + l2) - G^2 / (H + l2), or null when none gains
 * (Chen and Guestrin, XGBoost, 2016, equation 7, without the factor 1/2). Ties go to the first feature and the lowest bin.
 * Where the leaf has missing values, both sides are tried for them; where it has none, they would follow the larger side.
 */
export function bestSplit(
  state: BoostingState,
  histogram: Float64Array,
  binCounts: Int32Array,
  sums: LeafSums,
  limits: SplitLimits,
): Split | null {
  const { minLeafRows, l2 } = limits;
  if (sums.count < 2 * minLeafRows) return null;
  const constant = state.countShift === 0;
  const rowScale = 2 ** -state.countShift;
  const one = 2 ** state.countShift;
  const hessianScale = 2 ** -state.hessianShift;
  const parent = (sums.gradient * sums.gradient) / (sums.hessian + l2);
  let bestGain = 1e-10 * (1 + parent);
  let bestFeature = -1;
  let bestBin = 0;
  let bestMissingLeft = false;
  let best: LeafSums = sums;
  const chosen = state.control[slots.features] as number;
  for (let j = 0; j < chosen; j++) {
    const feature = state.chosen[j] as number;
    const offset = feature * histogramStride;
    const missingPacked = histogram[offset + 1] as number;
    const bins = binCounts[feature] as number;
    // Without missing values the last bin splits nothing off.
    const last = missingPacked > 0 ? bins : bins - 1;
    for (let side = missingPacked > 0 ? 0 : 1; side < 2; side++) {
      let gradient = side === 0 ? (histogram[offset] as number) : 0;
      let packed = side === 0 ? missingPacked : 0;
      for (let bin = 1; bin <= last; bin++) {
        const k = offset + 2 * bin;
        const own = histogram[k + 1] as number;
        if (own === 0) continue;
        gradient += histogram[k] as number;
        packed += own;
        const count = constant ? packed : Math.floor(packed * rowScale);
        if (count < minLeafRows) continue;
        if (sums.count - count < minLeafRows) break;
        const hessian = constant ? count : (packed - count * one) * hessianScale;
        const rest = sums.hessian - hessian;
        if (hessian < minLeafHessian || rest < minLeafHessian) continue;
        const other = sums.gradient - gradient;
        const gain = (gradient * gradient) / (hessian + l2) + (other * other) / (rest + l2) - parent;
        if (gain <= bestGain) continue;
        bestGain = gain;
        bestFeature = feature;
        bestBin = bin;
        bestMissingLeft = missingPacked > 0 ? side === 0 : 2 * count > sums.count;
        best = { gradient, hessian, count };
      }
    }
  }
  if (bestFeature < 0) return null;
  return {
    gain: bestGain,
    feature: bestFeature,
    bin: bestBin,
    missingLeft: bestMissingLeft,
    left: best,
    right: {
      gradient: sums.gradient - best.gradient,
      hessian: sums.hessian - best.hessian,
      count: sums.count - best.count,
    },
  };
}
