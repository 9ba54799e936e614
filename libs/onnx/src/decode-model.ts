import { decodeAttribute } from './decode-attribute.ts';
import { decodeTensor } from './decode-tensor.ts';
import type { Attribute, Graph, Model, Node, OpsetImport, Tensor, ValueInfo } from './model.ts';
import { type Field, readFields, readMessage, readNumber, readString } from './wire-reader.ts';

/**
 * An ONNX file as plain objects; fields that we do not know are skipped.
 * Memory and time are linear in the length of `bytes`, whatever they hold. Throws RangeError when they are not a ModelProto.
 */
export function decodeModel(bytes: Uint8Array): Model {
  let irVersion = 0;
  let producerName = '';
  let graph: Graph | null = null;
  const opsets: OpsetImport[] = [];
  const metadata = new Map<string, string>();
  for (const field of readFields(bytes)) {
    if (field.number === 1) irVersion = readNumber(field);
    else if (field.number === 2) producerName = readString(field);
    else if (field.number === 7) graph = decodeGraph(readMessage(field));
    else if (field.number === 8) opsets.push(decodeOpset(readMessage(field)));
    else if (field.number === 14) metadata.set(...decodeEntry(readMessage(field)));
  }
  if (graph === null)
    throw new RangeError('model: received no graph; allowed: an ONNX ModelProto; check that this is an .onnx file');
  return { irVersion, producerName, opsets, metadata: Object.fromEntries(metadata), graph };
}

function decodeOpset(bytes: Uint8Array): OpsetImport {
  const opset = { domain: '', version: 0 };
  for (const field of readFields(bytes)) {
    if (field.number === 1) opset.domain = readString(field);
    else if (field.number === 2) opset.version = readNumber(field);
  }
  return opset;
}

function decodeEntry(bytes: Uint8Array): [string, string] {
  const entry: [string, string] = ['', ''];
  for (const field of readFields(bytes))
    if (field.number === 1 || field.number === 2) entry[field.number - 1] = readString(field);
  return entry;
}

function decodeGraph(bytes: Uint8Array): Graph {
  let name = '';
  const nodes: Node[] = [];
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  const initializers: Tensor[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) nodes.push(decodeNode(readMessage(field)));
    else if (field.number === 2) name = readString(field);
    else if (field.number === 5) initializers.push(decodeTensor(readMessage(field)));
    else if (field.number === 11) inputs.push(decodeValueInfo(readMessage(field)));
    else if (field.number === 12) outputs.push(decodeValueInfo(readMessage(field)));
  }
  return { name, nodes, inputs, outputs, initializers };
}

function decodeNode(bytes: Uint8Array): Node {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes: Attribute[] = [];
  const words = { name: '', opType: '', domain: '' };
  for (const field of readFields(bytes)) {
    if (field.number === 1) inputs.push(readString(field));
    else if (field.number === 2) outputs.push(readString(field));
    else if (field.number === 3) words.name = readString(field);
    else if (field.number === 4) words.opType = readString(field);
    else if (field.number === 5) attributes.push(decodeAttribute(readMessage(field)));
    else if (field.number === 7) words.domain = readString(field);
  }
  return { ...words, inputs, outputs, attributes };
}

/** The last occurrence of field `number` as a nested message, as protobuf prescribes for a field that is not repeated. */
function nested(bytes: Uint8Array | null, number: number): Uint8Array | null {
  let found: Uint8Array | null = null;
  if (bytes) for (const field of readFields(bytes)) if (field.number === number) found = readMessage(field);
  return found;
}

function decodeValueInfo(bytes: Uint8Array): ValueInfo {
  let name = '';
  let elementType = 0;
  for (const field of readFields(bytes)) if (field.number === 1) name = readString(field);
  const tensorType = nested(nested(bytes, 2), 1);
  if (tensorType) for (const field of readFields(tensorType)) if (field.number === 1) elementType = readNumber(field);
  const shape = nested(tensorType, 2);
  const dims = shape && [...readFields(shape)].filter((field) => field.number === 1).map(decodeDim);
  return { name, elementType, dims };
}

function decodeDim(shapeField: Field): number | string | null {
  let dim: number | string | null = null;
  for (const field of readFields(readMessage(shapeField))) {
    if (field.number === 1) dim = readNumber(field);
    else if (field.number === 2) dim = readString(field);
  }
  return dim;
}
