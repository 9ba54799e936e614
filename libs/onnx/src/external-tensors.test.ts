import { expect, test } from 'vitest';
import { floatTensor, floatValue, node } from './build.ts';
import { encodeModel } from './encode-model.ts';
import { externalTensors } from './external-tensors.ts';
import { bytesField, concat, intField, messageField, stringField } from './wire-writer.ts';

const whole = encodeModel({
  irVersion: 8,
  producerName: 'test',
  opsets: [{ domain: '', version: 17 }],
  metadata: {},
  graph: {
    name: 'g',
    nodes: [node('Op', ['x', 'w'], ['y'], [{ name: 'value', kind: 'tensor', value: floatTensor('v', [1]) }])],
    inputs: [floatValue('x', ['N', 1])],
    outputs: [floatValue('y', ['N', 1])],
    initializers: [floatTensor('w', [1, 2])],
  },
});

/** A TensorProto that names a file and an offset in it. */
const outside = (name: string): Uint8Array[] => [
  intField(1, 4),
  intField(2, 1),
  stringField(8, name),
  messageField(13, [stringField(1, 'location'), stringField(2, 'weights.bin')]),
  intField(14, 1),
];

test('a model that holds all its constants has no external ones', () => {
  expect(externalTensors(whole)).toEqual([]);
});

test('external constants are found in the graph, in a sparse tensor, in an attribute, in the graph of a node and in a function', () => {
  const attribute = (field: number, content: Uint8Array[]) => messageField(5, [messageField(field, content)]);
  const graph = concat([
    messageField(5, outside('a')),
    messageField(15, [messageField(1, outside('b'))]),
    messageField(1, [attribute(5, outside('c'))]),
    messageField(1, [attribute(6, [messageField(5, outside('d'))])]),
  ]);
  const inFunction = messageField(25, [messageField(7, [attribute(10, outside('e'))])]);
  expect(externalTensors(concat([bytesField(7, graph), inFunction]))).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('what is no model is refused', () => {
  expect(() => externalTensors(Uint8Array.of(7, 7, 7))).toThrow(RangeError);
});
