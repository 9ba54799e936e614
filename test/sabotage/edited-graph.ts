import { decodeModel } from '@repo/onnx/decode-model';
import { encodeModel } from '@repo/onnx/encode-model';
import type { Graph, Node, Tensor } from '@repo/onnx/model';
import type { Trained } from './trained.ts';

/** model.onnx with its graph edited, whatever the trainer says. */
export function editedGraph({ contents }: Trained, change: (graph: Graph) => Graph): Uint8Array {
  const model = decodeModel(contents['model.onnx']);
  return encodeModel({ ...model, graph: change(model.graph) });
}

/** model.onnx with nodes at its end: what was `probability` is called `before`, and they make `probability` of it. */
export const answeredBy = (from: Trained, nodes: readonly Node[], constants: readonly Tensor[] = []): Uint8Array =>
  editedGraph(from, (graph) => {
    const rename = (name: string) => (name === 'probability' ? 'before' : name);
    const renamed = graph.nodes.map((one) => ({ ...one, name: rename(one.name), outputs: one.outputs.map(rename) }));
    return { ...graph, nodes: [...renamed, ...nodes], initializers: [...graph.initializers, ...constants] };
  });
