import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExampleWorkspace, type ExampleService, startExample } from './fixtures/example-service.ts';

let workspace: Awaited<ReturnType<typeof createExampleWorkspace>>;
let service: ExampleService;
beforeAll(async () => {
  workspace = await createExampleWorkspace();
  service = await startExample(workspace.dir, { MAX_BODY_BYTES: '20000', MAX_JSON_ELEMENTS: '1000' });
});
afterAll(async () => {
  await service.stop();
  await workspace.remove();
});

interface Sent {
  method?: string;
  path: string;
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
}

async function send({ method = 'POST', path, body, headers = {} }: Sent) {
  const init = { method, headers, ...(body === undefined ? {} : { body: body }) };
  const response = await fetch(service.url + path, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const infer = '/v2/models/example/infer';
const predict = '/v2/models/example/predict';
const input = { name: 'features', datatype: 'FP32', shape: [1, 5], data: [1, 2, 3, 4, 5] as unknown[] };
const tensor = (change: object) => JSON.stringify({ inputs: [{ ...input, ...change }] });
const flight = { scheduled_at: '2013-12-24T18:00:00Z', carrier: 'UA', dest: 'IAH' };
const ask = (change: object) => JSON.stringify({ ...flight, ...change });
const row = [1, 2, 3, 4, 5];

const refused: (Sent & { what: string; status: number; code: string; says: RegExp })[] = [
  {
    what: 'an unknown model',
    path: '/v2/models/nothing/infer',
    body: '{}',
    status: 404,
    code: 'unknown_model',
    says: /"nothing"; allowed: example, example-temp;/,
  },
  {
    what: 'an unknown version',
    path: '/v2/models/example/versions/9/infer',
    body: '{}',
    status: 404,
    code: 'unknown_version',
    says: /"9"; allowed: 1;/,
  },
  {
    what: 'an unknown path',
    path: '/v2/model',
    method: 'GET',
    status: 404,
    code: 'unknown_path',
    says: /"\/v2\/model"/,
  },
  { what: 'a path in capitals', path: '/V2', method: 'GET', status: 404, code: 'unknown_path', says: /"\/V2"/ },
  {
    what: 'a path that does not decode',
    path: '/v2/models/%E0%A4%A/infer',
    body: '{}',
    status: 400,
    code: 'malformed_path',
    says: /percent-encoded/,
  },
  {
    what: 'GET on infer',
    path: infer,
    method: 'GET',
    status: 405,
    code: 'method_not_allowed',
    says: /received GET; allowed: POST;/,
  },
  {
    what: 'POST on metadata',
    path: '/v2/models/example',
    body: '{}',
    status: 405,
    code: 'method_not_allowed',
    says: /allowed: GET, HEAD;/,
  },
  {
    what: 'a form',
    path: predict,
    body: 'carrier=UA',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    status: 415,
    code: 'unsupported_media_type',
    says: /allowed: application\/json;/,
  },
  {
    what: 'a multipart form',
    path: infer,
    body: 'x',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
    status: 415,
    code: 'unsupported_media_type',
    says: /multipart/,
  },
  {
    what: 'an unknown packing',
    path: infer,
    body: '{}',
    headers: { 'content-encoding': 'lzma' },
    status: 415,
    code: 'unsupported_encoding',
    says: /"lzma"; allowed: identity, gzip/,
  },
  {
    what: 'a body that does not unpack',
    path: infer,
    body: '{}',
    headers: { 'content-encoding': 'gzip' },
    status: 400,
    code: 'malformed_body',
    says: /does not unpack/,
  },
  {
    what: 'binary tensors',
    path: infer,
    body: '{}',
    headers: { 'inference-header-content-length': '2' },
    status: 501,
    code: 'unsupported_extension',
    says: /allowed: JSON tensors;/,
  },
  {
    what: 'malformed JSON',
    path: infer,
    body: '{"inputs": [',
    status: 400,
    code: 'malformed_json',
    says: /received "\{\\"inputs\\": \["/,
  },
  {
    what: 'NaN, which is not JSON',
    path: infer,
    body: tensor({}).replace('5]', 'NaN]'),
    status: 400,
    code: 'malformed_json',
    says: /body: received/,
  },
  { what: 'no body', path: infer, status: 400, code: 'malformed_json', says: /received nothing/ },
  {
    what: 'bytes that are not UTF-8',
    path: infer,
    body: Uint8Array.of(0x22, 0xff, 0x22),
    status: 400,
    code: 'malformed_json',
    says: /not UTF-8/,
  },
  {
    what: 'nesting without end',
    path: infer,
    body: `${'['.repeat(9000)}${']'.repeat(9000)}`,
    status: 400,
    code: 'malformed_json',
    says: /100 levels/,
  },
  {
    what: 'a body over the limit',
    path: infer,
    body: ' '.repeat(20_001),
    status: 413,
    code: 'body_too_large',
    says: /allowed: at most 20000 bytes/,
  },
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
    says: /request\.inputs: received \[\]; allowed: exactly one, features/,
  },
  {
    what: 'two inputs',
    path: infer,
    body: JSON.stringify({ inputs: [input, input] }),
    status: 400,
    code: 'invalid_tensor',
    says: /exactly one/,
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
    says: /data\[1\]: received 2 values; allowed: 5 values/,
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
    status: 413,
    code: 'too_many_elements',
    says: /at most 1000/,
  },
  {
    what: 'an unknown output',
    path: infer,
    body: JSON.stringify({ inputs: [input], outputs: [{ name: 'x' }] }),
    status: 400,
    code: 'unknown_output',
    says: /outputs\[0\]\.name: received "x"; allowed: probability, raw/,
  },
  {
    what: 'a prediction without a required field',
    path: predict,
    body: ask({ dest: undefined }),
    status: 400,
    code: 'invalid_request',
    says: /request\.dest: received nothing; allowed: a string; add it/,
  },
  {
    what: 'a prediction with an unknown field',
    path: predict,
    body: ask({ origin: 'EWR' }),
    status: 400,
    code: 'invalid_request',
    says: /request\.origin: received "EWR"; allowed: scheduled_at, carrier, dest, seats;/,
  },
  {
    what: 'a time without its zone',
    path: predict,
    body: ask({ scheduled_at: '2013-12-24T18:00:00' }),
    status: 400,
    code: 'invalid_request',
    says: /with its zone/,
  },
  {
    what: 'a cut-off before the data begins',
    path: predict,
    body: ask({ scheduled_at: '2013-01-01T01:59:59Z' }),
    status: 400,
    code: 'cutoff_before_data',
    says: /received 2013-01-01T01:59:59Z; allowed: 2013-01-01T02:00:00Z or later/,
  },
  {
    what: 'a prediction that is no object',
    path: predict,
    body: '"UA"',
    status: 400,
    code: 'invalid_request',
    says: /request: received "UA"; allowed: an object with/,
  },
];

test.each(refused)(
  '$what is refused with $status $code, saying what is allowed and what to do',
  async ({ status, code, says, what: _, ...sent }) => {
    const answer = await send(sent);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json');
    const body = JSON.parse(answer.text);
    expect(Object.keys(body)).toEqual(['error', 'code', 'request_id']);
    expect(body).toMatchObject({ code, error: expect.stringMatching(says) });
    expect(body.error).toMatch(/^[\w.[\]-]+.*: received .*; allowed: .*; /);
    expect(body.request_id).toBe(answer.headers.get('x-request-id'));
    expect(answer.text).not.toMatch(/\bat .*\.(ts|js|mjs):\d|node_modules/);
  },
);

test('405 lists the methods that the path has', async () => {
  expect((await send({ path: infer, method: 'DELETE' })).headers.get('allow')).toBe('POST');
  expect((await send({ path: '/v2', method: 'PUT', body: '{}' })).headers.get('allow')).toBe('GET, HEAD');
});

test('a body over the limit once unpacked is refused though it is small on the wire', async () => {
  const stream = new Blob([' '.repeat(1_000_000)]).stream().pipeThrough(new CompressionStream('gzip'));
  const body = new Uint8Array(await new Response(stream).arrayBuffer());
  expect(body.length).toBeLessThan(20_000);
  const answer = await send({ path: infer, body, headers: { 'content-encoding': 'gzip' } });
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([413, 'body_too_large']);
});

test('after everything it refused, the service still answers', async () => {
  for (const { what: _, status: __, code: ___, says: ____, ...sent } of refused) await send(sent);
  expect((await send({ path: infer, body: tensor({}) })).status).toBe(200);
});

test('what a client did wrong is logged without a stack, under its request id', async () => {
  await send({ path: infer, body: '{', headers: { 'x-request-id': 'bad-1' } });
  const line = service.logs.find((log) => log.request_id === 'bad-1');
  expect(line).toMatchObject({ level: 'info', code: 'malformed_json', status: 400, method: 'POST', path: infer });
  expect(JSON.stringify(line)).not.toContain('.ts:');
});
