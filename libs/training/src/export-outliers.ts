import { floatTensor, floatValue, node } from '@repo/onnx/build';
import { encodeModel } from '@repo/onnx/encode-model';
import { treesNode } from './export-trees.ts';
import type { IsolationForest } from './isolation-forest.ts';

/** Name of the graph's output. */
export const outlierOutput = 'outlier_score';

/**
 * A forest as an ONNX file (ai.onnx 17, ai.onnx.ml 3, IR 8): `features` float32 [N, F] in feature order, NaN for missing, to
 * `outlier_score` float32 [N, 1], higher is stranger. Same forest, same bytes.
 */
export function exportOutliers({ paths, usualPath }: IsolationForest): Uint8Array {
  return encodeModel({
    irVersion: 8,
    producerName: 'causeway',
    opsets: [
      { domain: '', version: 17 },
      { domain: 'ai.onnx.ml', version: 3 },
    ],
    metadata: {},
    graph: {
      name: 'isolation_forest',
      nodes: [
        treesNode(paths, 'path_length'),
        node('Div', ['path_length', 'total_path'], ['share']),
        node('Neg', ['share'], ['exponent']),
        node('Pow', ['two', 'exponent'], [outlierOutput]),
      ],
      inputs: [floatValue('features', ['N', paths.featureNames.length])],
      outputs: [floatValue(outlierOutput, ['N', 1])],
      initializers: [floatTensor('total_path', [usualPath * paths.trees.length]), floatTensor('two', [2])],
    },
  });
}
