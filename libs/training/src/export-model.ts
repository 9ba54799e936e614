import { floatTensor, floatValue, int, int64Tensor, node } from '@repo/onnx/build';
import { encodeModel } from '@repo/onnx/encode-model';
import type { Node, Tensor } from '@repo/onnx/model';
import type { Calibration } from './calibration.ts';
import { treesNode } from './export-trees.ts';
import type { LinearModel, PredictionModel, PriorModel } from './prediction-model.ts';

/** What goes into the file beside the model. */
export interface ExportOptions {
  /** Map from raw scores to probabilities; binary models only. Default none. */
  calibration?: Calibration;
  /** Metadata properties of the file. */
  metadata?: Readonly<Record<string, string>>;
}

/** Nodes and the constants that they need. */
interface Part {
  nodes: Node[];
  initializers: Tensor[];
}

/**
 * A model as an ONNX file (ai.onnx 17, ai.onnx.ml 3, IR 8) with everything between features and answer in the graph.
 * Input `features` float32 [N, F] in feature order, NaN for missing. Outputs float32 [N, 1]: `probability` and `raw` for binary, `prediction` and
 * `raw` (equal) for regression. Same arguments, same bytes.
 */
export function exportModel(model: PredictionModel, options: ExportOptions = {}): Uint8Array {
  const answer = model.objective === 'binary' ? 'probability' : 'prediction';
  const raw = rawPart(model);
  const final =
    model.objective === 'binary'
      ? calibrationPart(options.calibration ?? { method: 'none' })
      : { nodes: [node('Identity', ['raw'], ['prediction'])], initializers: [] };
  return encodeModel({
    irVersion: 8,
    producerName: 'causeway',
    opsets: [
      { domain: '', version: 17 },
      { domain: 'ai.onnx.ml', version: 3 },
    ],
    metadata: options.metadata ?? {},
    graph: {
      name: model.kind,
      nodes: [...raw.nodes, ...final.nodes],
      inputs: [floatValue('features', ['N', model.featureNames.length])],
      outputs: [floatValue(answer, ['N', 1]), floatValue('raw', ['N', 1])],
      initializers: [...raw.initializers, ...final.initializers],
    },
  });
}

function rawPart(model: PredictionModel): Part {
  if (model.kind === 'linear') return linearPart(model);
  // An ensemble without trees (nothing gained) is its base; the tree operator wants at least one node.
  if (model.kind === 'prior' || model.trees.length === 0) return priorPart(model);
  return { nodes: [treesNode(model, 'raw')], initializers: [] };
}

function priorPart(model: { base: PriorModel['base'] }): Part {
  const value = floatTensor('base', [model.base], [1]);
  return {
    nodes: [
      node('Shape', ['features'], ['row_shape'], [int('start', 0), int('end', 1)]),
      node('Concat', ['row_shape', 'one_column'], ['raw_shape'], [int('axis', 0)]),
      node('ConstantOfShape', ['raw_shape'], ['raw'], [{ name: 'value', kind: 'tensor', value }]),
    ],
    initializers: [int64Tensor('one_column', [1])],
  };
}

function linearPart(model: LinearModel): Part {
  const features = model.featureNames.length;
  return {
    nodes: [
      node('IsNaN', ['features'], ['is_missing']),
      node('Where', ['is_missing', 'mean', 'features'], ['filled']),
      node('Sub', ['filled', 'mean'], ['centred']),
      node('Div', ['centred', 'deviation'], ['standardised']),
      node('MatMul', ['standardised', 'weight'], ['of_values']),
      node('Cast', ['is_missing'], ['missing'], [int('to', 1)]),
      node('MatMul', ['missing', 'missing_weight'], ['of_missing']),
      node('Add', ['of_values', 'of_missing'], ['weighted']),
      node('Add', ['weighted', 'intercept'], ['raw']),
    ],
    initializers: [
      floatTensor('mean', model.mean, [1, features]),
      floatTensor('deviation', model.deviation, [1, features]),
      floatTensor('weight', model.weight, [features, 1]),
      floatTensor('missing_weight', model.missingWeight, [features, 1]),
      floatTensor('intercept', [model.intercept]),
    ],
  };
}

function calibrationPart(calibration: Calibration): Part {
  if (calibration.method === 'none') return { nodes: [node('Sigmoid', ['raw'], ['probability'])], initializers: [] };
  if (calibration.method === 'platt')
    return {
      nodes: [
        node('Mul', ['raw', 'slope'], ['sloped']),
        node('Add', ['sloped', 'offset'], ['calibrated']),
        node('Sigmoid', ['calibrated'], ['probability']),
      ],
      initializers: [floatTensor('slope', [calibration.slope]), floatTensor('offset', [calibration.intercept])],
    };
  return isotonicPart(calibration.scores, calibration.probabilities);
}

/** First probability + sum over segments of (share of the segment below the score, 0 to 1) x (rise of the segment). */
function isotonicPart(scores: readonly number[], probabilities: readonly number[]): Part {
  // A single point has no segment; one of width 1 and rise 0 keeps the graph the same.
  const from = scores.length > 1 ? scores.slice(0, -1) : scores;
  const width = from.map((score, i) => (scores[i + 1] ?? score + 1) - score);
  const rise = from.map(
    (_, i) => (probabilities[i + 1] ?? (probabilities[i] as number)) - (probabilities[i] as number),
  );
  return {
    nodes: [
      node('Sub', ['raw', 'segment_start'], ['beyond']),
      node('Div', ['beyond', 'segment_width'], ['share']),
      node('Clip', ['share', 'zero', 'one'], ['covered']),
      node('MatMul', ['covered', 'segment_rise'], ['risen']),
      node('Add', ['risen', 'first_probability'], ['probability']),
    ],
    initializers: [
      floatTensor('segment_start', from, [1, from.length]),
      floatTensor('segment_width', width, [1, from.length]),
      floatTensor('segment_rise', rise, [from.length, 1]),
      floatTensor('first_probability', [probabilities[0] as number]),
      floatTensor('zero', [0], []),
      floatTensor('one', [1], []),
    ],
  };
}
