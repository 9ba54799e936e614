import { encodeAttribute } from './encode-attribute.ts';
import { encodeTensor } from './encode-tensor.ts';
import type { Graph, Model, Node, ValueInfo } from './model.ts';
import { bytesField, concat, intField, messageField, stringField } from './wire-writer.ts';

/**
 * Bytes of an ONNX file. Equal models give equal bytes: fields in number order, metadata in key order, no clock.
 * Field numbers are those of onnx.proto (ONNX 1.18, ModelProto and below).
 * Throws RangeError when a tensor's data does not fill its dims.
 */
export function encodeModel(model: Model): Uint8Array {
  return concat([
    intField(1, model.irVersion),
    stringField(2, model.producerName),
    bytesField(7, encodeGraph(model.graph)),
    ...model.opsets.map((opset) => messageField(8, [stringField(1, opset.domain), intField(2, opset.version)])),
    ...Object.keys(model.metadata)
      .sort()
      .map((key) => messageField(14, [stringField(1, key), stringField(2, model.metadata[key] as string)])),
  ]);
}

function encodeGraph(graph: Graph): Uint8Array {
  return concat([
    ...graph.nodes.map((node) => bytesField(1, encodeNode(node))),
    stringField(2, graph.name),
    ...graph.initializers.map((tensor) => bytesField(5, encodeTensor(tensor))),
    ...graph.inputs.map((info) => bytesField(11, encodeValueInfo(info))),
    ...graph.outputs.map((info) => bytesField(12, encodeValueInfo(info))),
  ]);
}

function encodeNode(node: Node): Uint8Array {
  return concat([
    ...node.inputs.map((name) => stringField(1, name)),
    ...node.outputs.map((name) => stringField(2, name)),
    stringField(3, node.name),
    stringField(4, node.opType),
    ...node.attributes.map((attribute) => bytesField(5, encodeAttribute(attribute))),
    ...(node.domain === '' ? [] : [stringField(7, node.domain)]),
  ]);
}

function encodeValueInfo(info: ValueInfo): Uint8Array {
  const dims = info.dims?.map((dim) =>
    messageField(1, dim === null ? [] : [typeof dim === 'number' ? intField(1, dim) : stringField(2, dim)]),
  );
  const type = [intField(1, info.elementType), ...(dims ? [messageField(2, dims)] : [])];
  if (info.elementType === 0) return stringField(1, info.name);
  return concat([stringField(1, info.name), messageField(2, [messageField(1, type)])]);
}
