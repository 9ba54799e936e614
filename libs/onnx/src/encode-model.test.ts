import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float, floats, floatTensor, floatValue, int, int64Tensor, ints, node, string, strings } from './build.ts';
import { decodeModel } from './decode-model.ts';
import { encodeModel } from './encode-model.ts';
import type { Attribute, Model, Tensor } from './model.ts';

const words = fc.string({ unit: 'grapheme', maxLength: 8 });
const int64s = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const tensors: fc.Arbitrary<Tensor> = fc.oneof(
  fc.tuple(words, fc.array(fc.float())).map(([name, values]) => floatTensor(name, values)),
  fc.tuple(words, fc.array(int64s)).map(([name, values]) => int64Tensor(name, values)),
  fc.tuple(words, fc.array(words)).map(([name, data]): Tensor => ({ name, dims: [data.length], type: 'string', data })),
);
const attributes: fc.Arbitrary<Attribute> = fc.oneof(
  fc.tuple(words, fc.float({ noNaN: true })).map(([name, value]) => float(name, value)),
  fc.tuple(words, fc.maxSafeInteger()).map(([name, value]) => int(name, value)),
  fc.tuple(words, words).map(([name, value]) => string(name, value)),
  fc.tuple(words, fc.array(fc.float())).map(([name, value]) => floats(name, value)),
  fc.tuple(words, fc.array(fc.maxSafeInteger())).map(([name, value]) => ints(name, value)),
  fc.tuple(words, fc.array(words)).map(([name, value]) => strings(name, value)),
  fc.tuple(words, tensors).map(([name, value]): Attribute => ({ name, kind: 'tensor', value })),
);
const nodes = fc
  .tuple(words, fc.array(words), fc.array(words), fc.array(attributes, { maxLength: 3 }), words)
  .map((parts) => node(...parts));
const infos = fc.tuple(words, fc.array(fc.oneof(fc.nat(), words))).map(([name, dims]) => floatValue(name, dims));
const models: fc.Arbitrary<Model> = fc.record({
  irVersion: fc.nat(),
  producerName: words,
  opsets: fc.array(fc.record({ domain: words, version: fc.nat() }), { maxLength: 3 }),
  metadata: fc.dictionary(words, words, { noNullPrototype: true }),
  graph: fc.record({
    name: words,
    nodes: fc.array(nodes, { maxLength: 3 }),
    inputs: fc.array(infos, { maxLength: 2 }),
    outputs: fc.array(infos, { maxLength: 2 }),
    initializers: fc.array(tensors, { maxLength: 3 }),
  }),
});

test('what is written is read back', () => {
  fc.assert(
    fc.property(models, (model) => {
      expect(decodeModel(encodeModel(model))).toEqual(model);
    }),
    { numRuns: 60 },
  );
});

test('metadata order does not change the bytes', () => {
  const graph = { name: 'g', nodes: [], inputs: [], outputs: [], initializers: [] };
  const bytesOf = (metadata: Record<string, string>) =>
    encodeModel({ irVersion: 8, producerName: 'p', opsets: [{ domain: '', version: 17 }], metadata, graph });
  expect(bytesOf({ b: '2', a: '1' })).toEqual(bytesOf({ a: '1', b: '2' }));
  expect(bytesOf({ a: '2' })).not.toEqual(bytesOf({ a: '1' }));
});

test('a tensor whose data does not fill its dims is refused', () => {
  const initializers = [floatTensor('w', [1, 2, 3], [2, 2])];
  const graph = { name: 'g', nodes: [], inputs: [], outputs: [], initializers };
  expect(() => encodeModel({ irVersion: 8, producerName: '', opsets: [], metadata: {}, graph })).toThrow(
    /^tensor w: received 3 values; allowed: 4/,
  );
});
