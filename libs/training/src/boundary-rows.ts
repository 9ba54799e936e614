import { largestFloat32 } from './bins.ts';
import type { PredictionModel, Tree } from './prediction-model.ts';

const bits = new DataView(new ArrayBuffer(4));

/** The float32 next to `value`: upwards for step 1, downwards for step -1. The ends of the finite range stay. */
export function nextFloat32(value: number, step: 1 | -1): number {
  if (value === step * largestFloat32) return value;
  if (value === 0) return step * 2 ** -149;
  bits.setFloat32(0, value);
  bits.setInt32(0, bits.getInt32(0) + (value > 0 ? step : -step));
  return bits.getFloat32(0);
}

/**
 * Rows on which a wrong threshold shows: for every split of every tree one row each that reaches it at the threshold, one float32 below,
 * one above, and with the value missing; then one row all missing and one all zero. Row-major; features that the path leaves free are missing or 0 in turn.
 * Models without splits give the last two rows.
 */
export function boundaryRows(model: PredictionModel): { rows: number; values: Float32Array } {
  const features = model.featureNames.length;
  const rows: Float32Array[] = [];
  const trees = model.kind === 'trees' ? model.trees : [];
  trees.forEach((tree, i) => {
    const free = i % 2 === 0 ? 0 : Number.NaN;
    if (tree.feature.length > 0) walk(tree, 0, new Float32Array(features).fill(free), new Map(), rows);
  });
  rows.push(new Float32Array(features).fill(Number.NaN), new Float32Array(features));
  const values = new Float32Array(rows.length * features);
  rows.forEach((row, i) => {
    values.set(row, i * features);
  });
  return { rows: rows.length, values };
}

/** The values of a feature that reach a node: low < value <= high, or missing where that is the only way. */
interface Range {
  low: number;
  high: number;
}

function walk(
  tree: Tree,
  node: number,
  row: Float32Array,
  ranges: ReadonlyMap<number, Range>,
  rows: Float32Array[],
): void {
  const feature = tree.feature[node] as number;
  const threshold = tree.threshold[node] as number;
  for (const value of [threshold, nextFloat32(threshold, -1), nextFloat32(threshold, 1), Number.NaN])
    rows.push(row.with(feature, value));
  const range = ranges.get(feature) ?? { low: -Infinity, high: largestFloat32 };
  for (const side of ['left', 'right'] as const) {
    const child = tree[side][node] as number;
    if (child < 0) continue;
    const own = side === 'left' ? { ...range, high: threshold } : { ...range, low: threshold };
    // Above the last border lies nothing but a missing value.
    const inside = own.low === largestFloat32 ? Number.NaN : own.low === -Infinity ? own.high : nextFloat32(own.low, 1);
    walk(tree, child, row.with(feature, inside), new Map(ranges).set(feature, own), rows);
  }
}
