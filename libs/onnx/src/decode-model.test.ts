import fc from 'fast-check';
import { expect, test } from 'vitest';
import { floats, floatTensor, floatValue, int64Tensor, ints, node, string, strings } from './build.ts';
import { decodeModel } from './decode-model.ts';
import { encodeModel } from './encode-model.ts';
import type { Model } from './model.ts';
import { bytesField, concat, floatField, intField, messageField, stringField } from './wire-writer.ts';

const model: Model = {
  irVersion: 8,
  producerName: 'test',
  opsets: [{ domain: '', version: 17 }],
  metadata: { a: 'b' },
  graph: {
    name: 'g',
    nodes: [
      node(
        'Op',
        ['x', 'w'],
        ['y'],
        [floats('f', [1, 2]), ints('i', [1, -2]), strings('s', ['é']), string('t', 'u')],
        'd',
      ),
    ],
    inputs: [floatValue('x', ['N', 3])],
    outputs: [floatValue('y', ['N', 1])],
    initializers: [floatTensor('w', [1, 2, 3, 4], [2, 2]), int64Tensor('k', [2n ** 60n, -1])],
  },
};
const bytes = encodeModel(model);

/** Decodes; anything but a model or a RangeError fails the test. */
function survive(input: Uint8Array): void {
  try {
    decodeModel(input);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
  }
}

test('every truncation is survived, and those inside the graph are refused', () => {
  for (let length = 0; length < bytes.length; length++) survive(bytes.subarray(0, length));
  expect(() => decodeModel(bytes.subarray(0, 60))).toThrow(RangeError);
  expect(() => decodeModel(new Uint8Array(0))).toThrow('received no graph');
});

test('altered and random bytes are survived', () => {
  const spot = fc.tuple(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(spot, { minLength: 1, maxLength: 6 }), (changes) => {
      const altered = Uint8Array.from(bytes);
      for (const [at, value] of changes) altered[at] = value;
      survive(altered);
    }),
    { numRuns: 3000 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survive), { numRuns: 1000 });
});

const graphOf = (...parts: Uint8Array[]) => concat([intField(1, 8), messageField(7, parts)]);

test('lengths and dims that promise more than the file holds are refused without allocating it', () => {
  const huge = [
    intField(1, 2 ** 40),
    intField(1, 2 ** 40),
    intField(2, 1),
    stringField(8, 'w'),
    bytesField(9, new Uint8Array(8)),
  ];
  expect(() => decodeModel(graphOf(messageField(5, huge)))).toThrow('received 2 values');
  expect(() => decodeModel(Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1))).toThrow('bytes where 1 are left');
  expect(() => decodeModel(Uint8Array.of(0x3a, ...new Array<number>(11).fill(0xff)))).toThrow('longer than ten bytes');
  expect(() => decodeModel(graphOf(messageField(5, [intField(1, -1), intField(2, 1)])))).toThrow('dim -1');
});

test('files of other writers are read: unpacked lists, typed data fields, unknown fields, no attribute type', () => {
  const unpacked = [stringField(1, 'i'), intField(8, 5), intField(8, -6), intField(20, 7)];
  const separate = [stringField(1, 'f'), floatField(7, 1.5), floatField(7, 2.5), intField(20, 6)];
  const untyped = [stringField(1, 'n'), intField(3, 9)];
  const scalar = [intField(2, 1), floatField(4, 0.5), stringField(8, 'half'), stringField(12, 'a doc string')];
  const longs = [intField(1, 2), intField(2, 7), intField(7, 3), intField(7, -4), stringField(8, 'longs')];
  const graph = decodeModel(
    concat([
      graphOf(
        messageField(1, [
          stringField(4, 'Op'),
          ...[unpacked, separate, untyped].map((a) => messageField(5, a)),
          intField(99, 1),
        ]),
        messageField(5, scalar),
        messageField(5, longs),
        messageField(11, [stringField(1, 'x')]),
      ),
      bytesField(200, Uint8Array.of(1, 2, 3)),
    ]),
  ).graph;
  expect(graph.nodes[0]?.attributes).toEqual([
    ints('i', [5, -6]),
    floats('f', [1.5, 2.5]),
    { name: 'n', kind: 'int', value: 9 },
  ]);
  expect(graph.initializers).toEqual([floatTensor('half', [0.5], []), int64Tensor('longs', [3, -4])]);
  expect(graph.inputs).toEqual([{ name: 'x', elementType: 0, dims: null }]);
});

test('what we do not interpret keeps its bytes', () => {
  const double = concat([intField(1, 1), intField(2, 11), stringField(8, 'd'), bytesField(9, new Uint8Array(8))]);
  const subgraph = concat([stringField(1, 'body'), messageField(6, [stringField(2, 'inner')]), intField(20, 5)]);
  const input = graphOf(
    messageField(1, [stringField(3, 'n'), stringField(4, 'Loop'), bytesField(5, subgraph)]),
    bytesField(5, double),
  );
  const read = decodeModel(input);
  expect(read.graph.initializers).toEqual([{ name: 'd', dims: [1], type: 'opaque', bytes: double }]);
  expect(read.graph.nodes[0]?.attributes).toEqual([{ name: 'body', kind: 'opaque', bytes: subgraph }]);
  expect(decodeModel(encodeModel(read))).toEqual(read);
});
