import type { LinearModel, PredictionModel, Tree, TreeEnsemble } from './prediction-model.ts';

/**
 * Raw scores (log-odds, or the value itself) of `rows` rows from one float32 column per feature, NaN for missing.
 * Trees are added in order in float32 and the base last, which is how ONNX Runtime adds them: equal bit for bit at one thread.
 */
export function scoreRaw(model: PredictionModel, columns: readonly Float32Array[], rows: number): Float32Array {
  if (model.kind === 'prior') return new Float32Array(rows).fill(model.base);
  return model.kind === 'trees' ? scoreTrees(model, columns, rows) : scoreLinear(model, columns, rows);
}

function scoreTrees(model: TreeEnsemble, columns: readonly Float32Array[], rows: number): Float32Array {
  const scores = new Float32Array(rows);
  for (const tree of model.trees)
    for (let row = 0; row < rows; row++)
      scores[row] = (scores[row] as number) + (tree.leafValue[leafOfRow(tree, columns, row)] as number);
  for (let row = 0; row < rows; row++) scores[row] = (scores[row] as number) + model.base;
  return scores;
}

/** The leaf of a tree that a row reaches. */
export function leafOfRow(tree: Tree, columns: readonly Float32Array[], row: number): number {
  let node = tree.feature.length === 0 ? -1 : 0;
  while (node >= 0) {
    const value = columns[tree.feature[node] as number]?.[row] as number;
    const left = Number.isNaN(value) ? tree.missingLeft[node] : value <= (tree.threshold[node] as number);
    node = (left ? tree.left[node] : tree.right[node]) as number;
  }
  return -node - 1;
}

function scoreLinear(model: LinearModel, columns: readonly Float32Array[], rows: number): Float32Array {
  return Float32Array.from({ length: rows }, (_, row) => {
    let score = model.intercept;
    columns.forEach((column, i) => {
      const value = column[row] as number;
      const standard = (Number.isNaN(value) ? 0 : value - (model.mean[i] as number)) / (model.deviation[i] as number);
      score += standard * (model.weight[i] as number) + (Number.isNaN(value) ? (model.missingWeight[i] as number) : 0);
    });
    return score;
  });
}
