import type { TensorMetadata } from '@repo/contract/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ModelTensors, readInferRequest } from './read-infer-request.ts';

const outputs: readonly TensorMetadata[] = [
  { name: 'y', datatype: 'FP32', shape: [-1, 1] },
  { name: 'z', datatype: 'INT64', shape: [-1] },
];
const one: ModelTensors = { inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }], outputs };
const two: ModelTensors = {
  inputs: [
    { name: 'a', datatype: 'INT32', shape: [-1] },
    { name: 'b', datatype: 'BYTES', shape: [-1] },
  ],
  outputs,
};

const bytes = (text: string) => new TextEncoder().encode(text);
const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
const read = (model: ModelTensors, body: object, maxElements = 1000) =>
  readInferRequest(model, bytes(JSON.stringify(body)), undefined, maxElements);
const x = { name: 'x', datatype: 'FP32', shape: [2, 2], data: [1, 2, 3, 4] as unknown };
const refusal = (code: string, path: string, received?: string) =>
  expect.objectContaining({
    code,
    problems: [
      expect.objectContaining({
        path,
        ...(received === undefined ? {} : { received: expect.stringContaining(received) }),
      }),
    ],
  });

/** A mixed body: JSON, then tensors; and the announced length of the JSON. */
function mixed(body: object, ...tensors: Uint8Array[]): [Uint8Array, string] {
  const json = bytes(JSON.stringify(body));
  return [join(json, ...tensors), String(json.length)];
}
const float = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);
const text = (...texts: string[]) =>
  join(...texts.flatMap((t) => [new Uint8Array(Uint32Array.of(bytes(t).length).buffer), bytes(t)]));

test('a JSON request gives tensors in the order of the model, all outputs and no binary ones', () => {
  const b = { name: 'b', datatype: 'BYTES', shape: [2], data: ['é', ''] };
  const a = { name: 'a', datatype: 'INT32', shape: [3], data: [1, -2, 3] };
  const { inputs, ...rest } = read(two, { id: 'q', inputs: [b, a] });
  expect(inputs).toEqual([
    { ...a, data: Int32Array.of(1, -2, 3) },
    { ...b, data: ['é', ''] },
  ]);
  expect(rest).toMatchObject({ id: 'q', outputs: ['y', 'z'], binaryOutputs: new Set(), timeoutMs: undefined });
});

test('fields that are null count as absent, since some clients write every field', () => {
  const body = { id: null, parameters: null, outputs: null, inputs: [{ ...x, parameters: null }] };
  expect(read(one, body)).toMatchObject({ id: undefined, outputs: ['y', 'z'] });
});

test('JSON and binary inputs mix, and tensors are read at any offset', () => {
  for (const pad of ['', ' ', '  ', '   ']) {
    const input = { name: 'x', datatype: 'FP32', shape: [1, 2], parameters: { binary_data_size: 8 } };
    const [body, length] = mixed({ pad, inputs: [input] }, float(1.5, Number.NaN));
    const [tensor] = readInferRequest(one, body, length, 0).inputs;
    expect(tensor?.data).toEqual(Float32Array.of(1.5, Number.NaN));
    expect(tensor?.data).toHaveProperty('buffer.byteLength', 8);
  }
  const a = { name: 'a', datatype: 'INT32', shape: [1], data: [7] };
  const b = { name: 'b', datatype: 'BYTES', shape: [2], parameters: { binary_data_size: text('ab', '\u20ac').length } };
  const [body, length] = mixed({ inputs: [b, a] }, text('ab', '\u20ac'));
  expect(readInferRequest(two, body, length, 10).inputs.map(({ data }) => data)).toEqual([
    Int32Array.of(7),
    ['ab', '\u20ac'],
  ]);
});

test('a body without JSON is the one input, and every output is binary', () => {
  const { inputs, binaryOutputs } = readInferRequest(one, float(1, 2, 3, 4, 5, 6), '0', 0);
  expect(inputs).toEqual([{ name: 'x', datatype: 'FP32', shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) }]);
  expect(binaryOutputs).toEqual(new Set(['y', 'z']));
  const words: ModelTensors = { inputs: [{ name: 't', datatype: 'BYTES', shape: [-1] }], outputs };
  expect(readInferRequest(words, bytes('hé'), '0', 0).inputs[0]).toMatchObject({ shape: [1], data: ['hé'] });
  expect(() => readInferRequest(one, float(1, 2, 3), '0', 0)).toThrow(
    refusal('invalid_tensor', 'inputs.x', '12 bytes'),
  );
  expect(() => readInferRequest(one, new Uint8Array(), '0', 0)).toThrow(refusal('invalid_tensor', 'inputs.x'));
  const path = 'inference-header-content-length';
  expect(() => readInferRequest(two, float(1), '0', 0)).toThrow(refusal('invalid_header', path, 'a [-1], b [-1]'));
});

test('outputs are binary as the request says, each of them or by default', () => {
  const ask = (body: object) => read(one, { inputs: [x], ...body });
  const binary = { parameters: { binary_data: true } };
  expect(ask({ outputs: [{ name: 'z' }, { name: 'y', ...binary }] })).toMatchObject({
    outputs: ['z', 'y'],
    binaryOutputs: new Set(['y']),
  });
  expect(ask({ parameters: { binary_data_output: true } }).binaryOutputs).toEqual(new Set(['y', 'z']));
  const json = { parameters: { binary_data: false } };
  const both = { parameters: { binary_data_output: true }, outputs: [{ name: 'y', ...json }, { name: 'z' }] };
  expect(ask(both).binaryOutputs).toEqual(new Set(['z']));
});

test('timeout is in microseconds, and 0 is none', () => {
  const timeout = (value: unknown) => read(one, { inputs: [x], parameters: { timeout: value } }).timeoutMs;
  expect([timeout(2500), timeout(0), timeout(null)]).toEqual([2.5, undefined, undefined]);
  for (const wrong of [-1, '5', true]) {
    expect(() => timeout(wrong)).toThrow(refusal('invalid_request', 'request.parameters.timeout'));
  }
});

test('extensions that the service lacks are refused, the same parameters unused are not', () => {
  const unused = { sequence_id: 0, sequence_start: false, priority: 3, content_type: 'np' };
  expect(read(one, { inputs: [x], parameters: unused }).outputs).toEqual(['y', 'z']);
  expect(() => read(one, { inputs: [x], parameters: { sequence_id: 5 } })).toThrow(
    refusal('unsupported_extension', 'request.parameters.sequence_id', '5'),
  );
  expect(() => read(one, { inputs: [x], outputs: [{ name: 'y', parameters: { classification: 2 } }] })).toThrow(
    refusal('unsupported_extension', 'request.outputs[0].parameters.classification'),
  );
  expect(() => read(one, { inputs: [{ ...x, parameters: { shared_memory_region: 'r' } }] })).toThrow(
    refusal('unsupported_extension', 'request.inputs[0].parameters.shared_memory_region'),
  );
});

const at = 'request.inputs[0]';
const wrongJson: {
  what: string;
  model?: ModelTensors;
  body: object;
  code?: string;
  path: string;
  received?: string;
}[] = [
  { what: 'an unknown input', body: { inputs: [{ ...x, name: 'q' }] }, path: `${at}.name`, received: '"q"' },
  { what: 'no input', body: { inputs: [] }, path: 'request.inputs', received: '[]' },
  {
    what: 'one input of two',
    model: two,
    body: { inputs: [{ name: 'b', datatype: 'BYTES', shape: [1], data: ['t'] }] },
    path: 'request.inputs',
    received: '["b"]',
  },
  { what: 'an input twice', body: { inputs: [x, x] }, path: 'request.inputs[1].name', received: '"x" again' },
  { what: 'another datatype', body: { inputs: [{ ...x, datatype: 'FP64' }] }, path: `${at}.datatype` },
  { what: '16-bit floats', body: { inputs: [{ ...x, datatype: 'FP16' }] }, path: `${at}.datatype`, received: 'FP16' },
  { what: 'another rank', body: { inputs: [{ ...x, shape: [4] }] }, path: `${at}.shape` },
  { what: 'another width', body: { inputs: [{ ...x, shape: [1, 4] }] }, path: `${at}.shape` },
  { what: 'no rows', body: { inputs: [{ ...x, shape: [0, 2], data: [] }] }, path: `${at}.shape` },
  { what: 'negative rows', body: { inputs: [{ ...x, shape: [-2, 2] }] }, path: `${at}.shape` },
  { what: 'a product that overflows', body: { inputs: [{ ...x, shape: [2 ** 53 - 1, 2] }] }, path: `${at}.shape` },
  {
    what: 'neither data nor a size',
    body: { inputs: [{ ...x, data: undefined }] },
    code: 'invalid_request',
    path: `${at}.data`,
  },
  {
    what: 'data and a size',
    body: { inputs: [{ ...x, parameters: { binary_data_size: 16 } }] },
    path: at,
    received: 'data and binary_data_size',
  },
  {
    what: 'an unknown output',
    body: { inputs: [x], outputs: [{ name: 'q' }] },
    code: 'unknown_output',
    path: 'request.outputs[0].name',
  },
  {
    what: 'an output twice',
    body: { inputs: [x], outputs: [{ name: 'y' }, { name: 'y' }] },
    code: 'invalid_request',
    path: 'request.outputs[1].name',
  },
  {
    what: 'a binary_data that is no boolean',
    body: { inputs: [x], outputs: [{ name: 'y', parameters: { binary_data: 'yes' } }] },
    code: 'invalid_request',
    path: 'request.outputs[0].parameters.binary_data',
  },
];
test.each(wrongJson)(
  '$what is refused, naming the place',
  ({ model = one, body, code = 'invalid_tensor', path, received }) => {
    expect(() => read(model, body)).toThrow(refusal(code, path, received));
  },
);

test('more elements than allowed are refused before anything is made of them, those of all inputs together', () => {
  const huge = { ...x, shape: [2 ** 50, 2], data: [] };
  expect(() => read(one, { inputs: [huge] })).toThrow(refusal('too_many_elements', `${at}.shape`));
  const a = { name: 'a', datatype: 'INT32', shape: [3], data: [1, 2, 3] };
  const b = { name: 'b', datatype: 'BYTES', shape: [3], data: ['a', 'b', 'c'] };
  expect(read(two, { inputs: [a, b] }, 6).inputs).toHaveLength(2);
  expect(() => read(two, { inputs: [a, b] }, 5)).toThrow(refusal('too_many_elements', 'request.inputs[1].shape'));
  const flood = bytes(`{"inputs":[${'0,'.repeat(1200)}0]}`);
  expect(() => readInferRequest(one, flood, undefined, 100)).toThrow(refusal('too_many_elements', 'body'));
});

const binaryInput = (size: unknown, shape = [1, 2]) => ({
  inputs: [{ name: 'x', datatype: 'FP32', shape, parameters: { binary_data_size: size } }],
});
test.each<{ what: string; body: object; tail: Uint8Array; code: string; path: string; model?: ModelTensors }>([
  { what: 'a tensor that breaks off', body: binaryInput(8), tail: float(1), code: 'invalid_header', path: at },
  {
    what: 'bytes after the last tensor',
    body: binaryInput(8),
    tail: float(1, 2, 3),
    code: 'invalid_header',
    path: 'body',
  },
  {
    what: 'bytes after JSON that announces none',
    body: { inputs: [x] },
    tail: float(1),
    code: 'invalid_header',
    path: 'body',
  },
  {
    what: 'a size that is not that of the shape',
    body: binaryInput(12),
    tail: float(1, 2, 3),
    code: 'invalid_tensor',
    path: `${at}`,
  },
  {
    what: 'a negative size',
    body: binaryInput(-8),
    tail: float(1, 2),
    code: 'invalid_tensor',
    path: `${at}.parameters.binary_data_size`,
  },
  {
    what: 'a size in text',
    body: binaryInput('8'),
    tail: float(1, 2),
    code: 'invalid_tensor',
    path: `${at}.parameters.binary_data_size`,
  },
  {
    what: 'a shape beyond every body',
    body: binaryInput(8, [2 ** 51, 2]),
    tail: float(1, 2),
    code: 'invalid_tensor',
    path: at,
  },
])('$what is refused', ({ body, tail, code, path, model = one }) => {
  const [all, length] = mixed(body, tail);
  expect(() => readInferRequest(model, all, length, 100)).toThrow(refusal(code, path));
});

test.each(['x', '-1', '1.5', '+2', ' 2', '2 ', '0x2', '1e1', '99999', '9'.repeat(400), ''])(
  'an announced length of %j is refused',
  (length) => {
    const body = bytes(JSON.stringify({ inputs: [x] }));
    expect(() => readInferRequest(one, body, length, 100)).toThrow(
      refusal('invalid_header', 'inference-header-content-length'),
    );
  },
);

test('whatever is written as binary data is read as it was, and as JSON too where JSON can hold it', () => {
  const rows = fc.array(
    fc.tuple(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.float({ noNaN: true, noDefaultInfinity: true })),
    {
      minLength: 1,
      maxLength: 50,
    },
  );
  fc.assert(
    fc.property(rows, fc.boolean(), (values, nested) => {
      const shape = [values.length, 2];
      const flat = Float32Array.from(values.flat());
      const [body, length] = mixed(binaryInput(flat.byteLength, shape), new Uint8Array(flat.buffer));
      expect(readInferRequest(one, body, length, 0).inputs[0]?.data).toEqual(flat);
      const json = { inputs: [{ ...x, shape, data: nested ? values : values.flat() }] };
      // JSON has no negative zero that every writer keeps.
      expect(read(one, json).inputs[0]?.data).toEqual(flat.map((value) => (Object.is(value, -0) ? 0 : value)));
    }),
  );
});
