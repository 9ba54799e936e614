import type { Tree } from '@repo/training/prediction-model';

/**
 * A tree that adds a value by one feature alone: `values[i]` up to and with `cuts[i]`, the last one beyond all cuts, which rise, and to rows
 * without the feature.
 */
export function stepTree(feature: number, cuts: readonly number[], values: readonly number[]): Tree {
  if (values.length !== cuts.length + 1)
    throw new RangeError(`values: received ${values.length}; allowed: ${cuts.length + 1}, one more than the cuts`);
  const tree: Tree = { feature: [], threshold: [], missingLeft: [], left: [], right: [], leafValue: [] };
  /** Grows the part of the tree for cuts from `low` to before `high`; answers its node, or its leaf as a negative number. */
  const grow = (low: number, high: number): number => {
    if (low === high) {
      tree.leafValue.push(Math.fround(values[low] as number));
      return -tree.leafValue.length;
    }
    const middle = (low + high) >> 1;
    const node = tree.feature.length;
    tree.feature.push(feature);
    tree.threshold.push(Math.fround(cuts[middle] as number));
    tree.missingLeft.push(false);
    tree.left.push(0);
    tree.right.push(0);
    tree.left[node] = grow(low, middle);
    tree.right[node] = grow(middle + 1, high);
    return node;
  };
  grow(0, cuts.length);
  return tree;
}
