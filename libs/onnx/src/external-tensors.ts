import { readFields, readMessage, readNumber, readString } from './wire-reader.ts';

type Message = 'model' | 'graph' | 'node' | 'attribute' | 'sparseTensor' | 'function' | 'training' | 'tensor';

/** Fields of onnx.proto (ONNX 1.18) through which a tensor can be reached, by message and field number. */
const inside: Readonly<Record<Exclude<Message, 'tensor'>, Readonly<Record<number, Message>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparseTensor' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparseTensor', 23: 'sparseTensor' },
  sparseTensor: { 1: 'tensor', 2: 'tensor' },
};

/** The name of a tensor whose data lies outside of the file; null for any other. */
function externalName(bytes: Uint8Array): string | null {
  let name = '';
  let external = false;
  for (const field of readFields(bytes)) {
    if (field.number === 8) name = readString(field);
    else if (field.number === 13) external = true;
    else if (field.number === 14) external ||= readNumber(field) === 1;
  }
  return external ? name : null;
}

/**
 * Names of all constants of an ONNX file that keep their data in another file, wherever they stand: graphs within nodes, sparse
 * tensors and functions too. Such a model is not whole by itself, and its digest does not cover what it computes.
 * Time is linear in the length of `bytes`. Throws RangeError when they are not a ModelProto.
 */
export function externalTensors(bytes: Uint8Array): string[] {
  const names: string[] = [];
  const open: [Message, Uint8Array][] = [['model', bytes]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [message, content] = next;
    if (message === 'tensor') {
      const name = externalName(content);
      if (name !== null) names.push(name);
      continue;
    }
    for (const field of readFields(content)) {
      const below = inside[message][field.number];
      if (below !== undefined) open.push([below, readMessage(field)]);
    }
  }
  return names.sort();
}
