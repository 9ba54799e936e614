import { floats, int, ints, node, string, strings } from '@repo/onnx/build';
import type { Node } from '@repo/onnx/model';
import type { TreeEnsemble } from './prediction-model.ts';

/**
 * A TreeEnsembleRegressor of ai.onnx.ml 3 from `features` [N, F] to `output` [N, 1]. Every comparison is "at most the threshold", in float32;
 * leaves follow a tree's inner nodes in the operator's lists.
 */
export function treesNode(model: TreeEnsemble, output: string): Node {
  const nodes = {
    tree: [] as number[],
    id: [] as number[],
    feature: [] as number[],
    mode: [] as string[],
    value: [] as number[],
  };
  const edges = { yes: [] as number[], no: [] as number[], missing: [] as number[] };
  const leaves = { tree: [] as number[], id: [] as number[], weight: [] as number[] };
  model.trees.forEach((tree, number) => {
    const inner = tree.feature.length;
    const idOf = (child: number) => (child < 0 ? inner - child - 1 : child);
    for (let id = 0; id < inner + tree.leafValue.length; id++) {
      const isLeaf = id >= inner;
      nodes.tree.push(number);
      nodes.id.push(id);
      nodes.mode.push(isLeaf ? 'LEAF' : 'BRANCH_LEQ');
      nodes.feature.push(isLeaf ? 0 : (tree.feature[id] as number));
      nodes.value.push(isLeaf ? 0 : (tree.threshold[id] as number));
      edges.yes.push(isLeaf ? 0 : idOf(tree.left[id] as number));
      edges.no.push(isLeaf ? 0 : idOf(tree.right[id] as number));
      edges.missing.push(!isLeaf && tree.missingLeft[id] ? 1 : 0);
    }
    tree.leafValue.forEach((weight, leaf) => {
      leaves.tree.push(number);
      leaves.id.push(inner + leaf);
      leaves.weight.push(weight);
    });
  });
  const attributes = [
    string('aggregate_function', 'SUM'),
    floats('base_values', [model.base]),
    int('n_targets', 1),
    ints('nodes_falsenodeids', edges.no),
    ints('nodes_featureids', nodes.feature),
    ints('nodes_missing_value_tracks_true', edges.missing),
    strings('nodes_modes', nodes.mode),
    ints('nodes_nodeids', nodes.id),
    ints('nodes_treeids', nodes.tree),
    ints('nodes_truenodeids', edges.yes),
    floats('nodes_values', nodes.value),
    string('post_transform', 'NONE'),
    ints(
      'target_ids',
      leaves.id.map(() => 0),
    ),
    ints('target_nodeids', leaves.id),
    ints('target_treeids', leaves.tree),
    floats('target_weights', leaves.weight),
  ];
  return node('TreeEnsembleRegressor', ['features'], [output], attributes, 'ai.onnx.ml');
}
