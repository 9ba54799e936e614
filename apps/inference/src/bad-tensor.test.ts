import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExampleService, smallLimits, startWithWorkspace } from './fixtures/example-service.ts';
import { type Refused, send, wrongWithRefusal } from './fixtures/refused.ts';

let service: ExampleService;
beforeAll(async () => {
  service = await startWithWorkspace(smallLimits);
});
afterAll(() => service.stop());

const infer = '/v2/models/example/infer';
const input = { name: 'features', datatype: 'FP32', shape: [1, 5], data: [1, 2, 3, 4, 5] as unknown[] };
const tensor = (change: object) => JSON.stringify({ inputs: [{ ...input, ...change }] });
const row = [1, 2, 3, 4, 5];

const refused: Refused[] = [
  {
    what: 'an array for a request',
    path: infer,
    body: '[]',
    status: 400,
    code: 'invalid_request',
    says: /request: received \[\]; allowed: an object/,
  },
  {
    what: 'no inputs',
    path: infer,
    body: '{}',
    status: 400,
    code: 'invalid_request',
    says: /request\.inputs: received nothing; allowed: an array/,
  },
  {
    what: 'data that is no array',
    path: infer,
    body: tensor({ data: 'x' }),
    status: 400,
    code: 'invalid_request',
    says: /request\.inputs\[0\]\.data: received "x"; allowed: an array/,
  },
  {
    what: 'an empty list of inputs',
    path: infer,
    body: '{"inputs":[]}',
    status: 400,
    code: 'invalid_tensor',
    says: /request\.inputs: received \[\]; allowed: each once: features; add features/,
  },
  {
    what: 'an input twice',
    path: infer,
    body: JSON.stringify({ inputs: [input, input] }),
    status: 400,
    code: 'invalid_tensor',
    says: /inputs\[1\]\.name: received "features" again; allowed: each input once/,
  },
  {
    what: 'another input name',
    path: infer,
    body: tensor({ name: 'x' }),
    status: 400,
    code: 'invalid_tensor',
    says: /inputs\[0\]\.name: received "x"; allowed: features/,
  },
  {
    what: 'another dtype',
    path: infer,
    body: tensor({ datatype: 'FP64' }),
    status: 400,
    code: 'invalid_tensor',
    says: /inputs\[0\]\.datatype: received "FP64"; allowed: FP32;/,
  },
  {
    what: 'another width',
    path: infer,
    body: tensor({ shape: [1, 4] }),
    status: 400,
    code: 'invalid_tensor',
    says: /received \[1,4\]; allowed: \[n,5\]/,
  },
  {
    what: 'another rank',
    path: infer,
    body: tensor({ shape: [5] }),
    status: 400,
    code: 'invalid_tensor',
    says: /received \[5\]/,
  },
  {
    what: 'no rows',
    path: infer,
    body: tensor({ shape: [0, 5], data: [] }),
    status: 400,
    code: 'invalid_tensor',
    says: /n at least 1/,
  },
  {
    what: 'negative rows',
    path: infer,
    body: tensor({ shape: [-1, 5] }),
    status: 400,
    code: 'invalid_tensor',
    says: /n at least 1/,
  },
  {
    what: 'a ragged tensor',
    path: infer,
    body: tensor({ shape: [2, 5], data: [row, [1, 2]] }),
    status: 400,
    code: 'invalid_tensor',
    says: /data\[1\]: received 2 values; allowed: 5, like the shape says/,
  },
  {
    what: 'fewer values than the shape says',
    path: infer,
    body: tensor({ shape: [2, 5] }),
    status: 400,
    code: 'invalid_tensor',
    says: /received 5 values; allowed: 10 values/,
  },
  {
    what: 'text for a number',
    path: infer,
    body: tensor({ data: [1, 2, 3, 4, 'x'] }),
    status: 400,
    code: 'invalid_tensor',
    says: /data\[4\]: received "x"; allowed: finite numbers/,
  },
  {
    what: 'a number beyond float32',
    path: infer,
    body: tensor({ data: [1, 2, 3, 4, 1e300] }),
    status: 400,
    code: 'invalid_tensor',
    says: /received 1e\+300/,
  },
  {
    what: 'a huge tensor',
    path: infer,
    body: tensor({ shape: [201, 5] }),
    status: 413,
    code: 'too_many_elements',
    says: /received 1005 elements; allowed: at most 1000/,
  },
  {
    what: 'a shape that overflows',
    path: infer,
    body: tensor({ shape: [2 ** 52, 5] }),
    status: 400,
    code: 'invalid_tensor',
    says: /received \[4503599627370496,5\]/,
  },
  {
    what: 'a flood of values that no shape announces',
    path: infer,
    body: tensor({ more: Array(2500).fill(0) }),
    status: 413,
    code: 'too_many_elements',
    says: /at most 1000/,
  },
  {
    what: 'a timeout in words',
    path: infer,
    body: JSON.stringify({ inputs: [input], parameters: { timeout: 'soon' } }),
    status: 400,
    code: 'invalid_request',
    says: /parameters\.timeout: received "soon"; allowed: microseconds/,
  },
  {
    what: 'a sequence',
    path: infer,
    body: JSON.stringify({ inputs: [input], parameters: { sequence_id: 7, sequence_start: true } }),
    status: 501,
    code: 'unsupported_extension',
    says: /sequence_id: received 7/,
  },
  {
    what: '16-bit floats',
    path: infer,
    body: tensor({ datatype: 'FP16' }),
    status: 400,
    code: 'invalid_tensor',
    says: /received "FP16"; allowed: FP32; convert the values to FP32/,
  },
  {
    what: 'an unknown output',
    path: infer,
    body: JSON.stringify({ inputs: [input], outputs: [{ name: 'x' }] }),
    status: 400,
    code: 'unknown_output',
    says: /outputs\[0\]\.name: received "x"; allowed: probability, raw/,
  },
];
test.each(refused)('$what is refused with $status $code, saying what is allowed and what to do', async (row) => {
  expect(await wrongWithRefusal(service.url, row)).toEqual([]);
});

const announced = (length: string) => ({ 'inference-header-content-length': length });
const described = (change: object, tail: number) => {
  const json = JSON.stringify({
    inputs: [{ ...input, data: undefined, parameters: { binary_data_size: 20 }, ...change }],
  });
  return {
    path: infer,
    body: new Uint8Array(Buffer.concat([Buffer.from(json), Buffer.alloc(tail)])),
    headers: announced(String(json.length)),
    status: 400,
  };
};
const refusedBinary: Refused[] = [
  {
    what: 'a length that is no number',
    path: infer,
    body: tensor({}),
    headers: announced('0x10'),
    status: 400,
    code: 'invalid_header',
    says: /inference-header-content-length: received "0x10"; allowed: a number from 0 to/,
  },
  {
    what: 'a length beyond the body',
    path: infer,
    body: tensor({}),
    headers: announced('1000'),
    status: 400,
    code: 'invalid_header',
    says: /received "1000"/,
  },
  {
    what: 'a tensor that breaks off',
    ...described({}, 19),
    code: 'invalid_header',
    says: /inputs\[0\]: received 19 bytes left for binary data of 20/,
  },
  {
    what: 'bytes after the last tensor',
    ...described({}, 21),
    code: 'invalid_header',
    says: /body: received 1 bytes after the last tensor; allowed: none/,
  },
  {
    what: 'a size that is not that of the shape',
    ...described({ shape: [2, 5] }, 20),
    code: 'invalid_tensor',
    says: /received 20 bytes; allowed: 40 bytes/,
  },
  {
    what: 'data as JSON and as bytes',
    ...described({ data: [1, 2, 3, 4, 5] }, 20),
    code: 'invalid_tensor',
    says: /received data and binary_data_size; allowed: one of them/,
  },
  {
    what: 'a raw body that is no whole row',
    path: infer,
    body: new Uint8Array(21),
    headers: announced('0'),
    status: 400,
    code: 'invalid_tensor',
    says: /received 21 bytes; allowed: a multiple of 20 bytes/,
  },
];
test.each(refusedBinary)('$what is refused with $status $code', async (row) => {
  expect(await wrongWithRefusal(service.url, row)).toEqual([]);
});

test('after all that, the service still answers', async () => {
  const body = tensor({});
  expect((await send(service.url, { path: infer, body })).status).toBe(200);
});
