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
const predict = '/v2/models/example/predict';

const refused: Refused[] = [
  { what: 'a path in capitals', path: '/V2', method: 'GET', status: 404, code: 'unknown_path', says: /"\/V2"/ },
  { what: 'no body', path: infer, status: 400, code: 'malformed_json', says: /received nothing/ },
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
    says: /allowed: application\/json or application\/octet-stream;/,
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
    says: /"lzma"; allowed: identity, gzip, deflate;/,
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
];
test.each(refused)('$what is refused with $status $code, saying what is allowed and what to do', async (row) => {
  expect(await wrongWithRefusal(service.url, row)).toEqual([]);
});

test('after all that, the service still answers', async () => {
  const body = tensor({});
  expect((await send(service.url, { path: infer, body })).status).toBe(200);
});

test('405 lists the methods that the path has', async () => {
  expect((await send(service.url, { path: infer, method: 'DELETE' })).headers.get('allow')).toBe('POST');
  expect((await send(service.url, { path: '/v2', method: 'PUT', body: '{}' })).headers.get('allow')).toBe('GET, HEAD');
});

test('a body over the limit once unpacked is refused though it is small on the wire', async () => {
  const stream = new Blob([' '.repeat(1_000_000)]).stream().pipeThrough(new CompressionStream('gzip'));
  const body = new Uint8Array(await new Response(stream).arrayBuffer());
  expect(body.length).toBeLessThan(20_000);
  const answer = await send(service.url, { path: infer, body, headers: { 'content-encoding': 'gzip' } });
  expect([answer.status, JSON.parse(answer.text).code]).toEqual([413, 'body_too_large']);
});

test('what a client did wrong is logged without a stack, under its request id', async () => {
  await send(service.url, { path: infer, body: '{', headers: { 'x-request-id': 'bad-1' } });
  const line = service.logs.find((log) => log.request_id === 'bad-1');
  expect(line).toMatchObject({ level: 'info', code: 'malformed_json', status: 400, method: 'POST', path: infer });
  expect(JSON.stringify(line)).not.toContain('.ts:');
});

test('a row that expects another status, code or text is found wrong', async () => {
  const row = refused[0] as Refused;
  const wrong = await wrongWithRefusal(service.url, { ...row, status: 400, code: 'internal', says: /nowhere/ });
  expect(wrong).toEqual(['status 404', 'code unknown_path', expect.stringMatching(/^says path: received/)]);
});
