import { errorCatalogue } from '@repo/contract/error-catalogue';
import { metrics as metricRows } from '@repo/contract/metric';
import * as protocol from '@repo/contract/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExampleService, startWithWorkspace } from './fixtures/example-service.ts';

let service: ExampleService;
beforeAll(async () => {
  service = await startWithWorkspace();
});
afterAll(() => service.stop());

async function get(path: string, base = service.url) {
  const response = await fetch(base + path);
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const text =
    typeof body === 'string' || body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body);
  const response = await fetch(service.url + path, { method: 'POST', body: text, headers });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

const tensor = (data: unknown[], shape: number[]) => ({ name: 'features', datatype: 'FP32', shape, data });
const infer = '/v2/models/example/infer';
const sigmoid = (raw: number) => 1 / (1 + Math.exp(-raw));

test('the server tells what it is and that it is live and ready', async () => {
  const extensions = ['binary_tensor_data', 'parameters', 'statistics', 'model_configuration'];
  expect((await get('/v2')).body).toEqual({ name: 'causeway', version: '0.0.0-test', extensions });
  expect(await get('/v2/health/live')).toMatchObject({ status: 200, body: { live: true } });
  expect(await get('/v2/health/ready')).toMatchObject({ status: 200, body: { ready: true } });
});

test('loading is listed among the extensions where an admin token allows it', async () => {
  const changeable = await startWithWorkspace({ ADMIN_TOKEN_SHA256: '0'.repeat(64) });
  const { body } = await get('/v2', changeable.url);
  await changeable.stop();
  expect(body.extensions).toContain('model_repository');
});

test('models are listed and described, with and without their version', async () => {
  expect((await get('/v2/models')).body).toEqual({ models: ['example', 'example-temp'] });
  const { body } = await get('/v2/models/example');
  expect(protocol.modelMetadataSchema.parse(body)).toMatchObject({
    name: 'example',
    versions: ['1'],
    platform: 'onnx_onnxv1',
    inputs: [{ name: 'features', datatype: 'FP32', shape: [-1, 5] }],
    properties: { task: 'binary', features: 'dest,hour,seats,carrier_temp,carrier_delay' },
  });
  expect((await get('/v2/models/example/versions/1')).body).toEqual(body);
  expect((await get('/v2/models/example/ready')).body).toEqual({ name: 'example', ready: true });
  expect((await get('/v2/models/example/versions/1/ready')).body).toEqual({ name: 'example', ready: true });
});

test('infer answers every output, echoes the id and takes null as missing', async () => {
  const { status, headers, body } = await post(infer, {
    id: 'abc',
    parameters: { content_type: 'np' },
    inputs: [
      {
        ...tensor(
          [
            [1, 13, 2, 40, 0.5],
            [null, 6, null, null, null],
          ],
          [2, 5],
        ),
        parameters: { x: 1 },
      },
    ],
  });
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json');
  const answer = protocol.inferResponseSchema.parse(body);
  expect(answer).toMatchObject({ model_name: 'example', model_version: '1', id: 'abc' });
  expect(answer.outputs.map(({ name, shape }) => ({ name, shape }))).toEqual([
    { name: 'probability', shape: [2, 1] },
    { name: 'raw', shape: [2, 1] },
  ]);
  expect(answer.outputs[1]?.data).toEqual([0.5 - 1.625 + 0.5 + 2.5 + 0.5, -0.75]);
  expect(answer.outputs[0]?.data?.[0]).toBeCloseTo(sigmoid(2.375), 6);
});

test('outputs are selected and ordered by the request, and no id is invented', async () => {
  const { body } = await post('/v2/models/example/versions/1/infer', {
    inputs: [tensor([1, 0, 0, 0, 0], [1, 5])],
    outputs: [{ name: 'raw' }],
  });
  expect(body).toEqual({
    model_name: 'example',
    model_version: '1',
    outputs: [{ name: 'raw', datatype: 'FP32', shape: [1, 1], data: [0.5] }],
  });
});

test('the body decides what it is, not the content type', async () => {
  const body = { inputs: [tensor([1, 0, 0, 0, 0], [1, 5])] };
  for (const type of ['application/octet-stream', 'text/plain', 'application/json; charset=utf-8']) {
    expect(await post(infer, body, { 'content-type': type })).toMatchObject({ status: 200 });
  }
});

test('packed bodies are unpacked', async () => {
  const text = JSON.stringify({ inputs: [tensor([1, 0, 0, 0, 0], [1, 5])] });
  const packed = await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).bytes();
  expect(await post(infer, packed, { 'content-encoding': 'gzip' })).toMatchObject({ status: 200 });
});

test('a request id is taken over, or made when there is none or it is odd', async () => {
  const given = await fetch(`${service.url}/v2`, { headers: { 'x-request-id': 'trace-1' } });
  expect(given.headers.get('x-request-id')).toBe('trace-1');
  const odd = await fetch(`${service.url}/v2/nothing`, { headers: { 'x-request-id': 'a b"c' } });
  const { request_id } = (await odd.json()) as protocol.ErrorBody;
  expect(request_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(odd.headers.get('x-request-id')).toBe(request_id);
});

test('HEAD is answered like GET, without a body', async () => {
  const response = await fetch(`${service.url}/v2/health/ready`, { method: 'HEAD' });
  expect([response.status, await response.text()]).toEqual([200, '']);
});

test('the OpenAPI document has a predict path with its own request for each model, and every reference resolves', async () => {
  const { body } = await get('/openapi.json');
  expect(body.openapi).toBe('3.1.0');
  expect(Object.keys(body.paths)).toEqual(
    expect.arrayContaining(['/v2', '/v2/models/{model}/infer', '/v2/models/example/predict']),
  );
  const request = body.components.schemas['PredictionRequest.example'];
  expect(request).toMatchObject({
    type: 'object',
    required: ['scheduled_at', 'carrier', 'dest'],
    additionalProperties: false,
    properties: { scheduled_at: { type: 'string', format: 'date-time' }, dest: { type: 'string' } },
  });
  const answers = ['example', 'example-temp'].map(
    (name) => body.paths[`/v2/models/${name}/predict`].post.responses[200].content['application/json'].schema.$ref,
  );
  expect(answers).toEqual(['#/components/schemas/Classification', '#/components/schemas/Regression']);
  const references = JSON.stringify(body).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g);
  for (const [, name = ''] of references) expect(body.components.schemas).toHaveProperty([name]);
});

test('every path of the OpenAPI document answers', async () => {
  const { body } = await get('/openapi.json');
  for (const [path, methods] of Object.entries(body.paths as Record<string, object>)) {
    const filled = path.replace('{model}', 'example').replace('{version}', '1');
    if ('get' in methods) expect(await get(filled)).toMatchObject({ status: 200 });
    else expect(await post(filled, '{')).toMatchObject({ body: { code: 'malformed_json' } });
  }
});

test('the OpenAPI document lists every status that the service answers with, and 504 where the timeout holds', async () => {
  const { body } = await get('/openapi.json');
  const methods = Object.values(body.paths as Record<string, object>).flatMap((path) => Object.values(path));
  const listed = new Set<string>(methods.flatMap(({ responses }) => Object.keys(responses)));
  // 405 is what methods that are not in the document get.
  const statuses = Object.values(errorCatalogue).map(({ status }) => String(status));
  expect(listed).toEqual(new Set(['200', ...statuses.filter((status) => status !== '405')]));
  expect(body.paths['/v2/models/example/predict'].post.responses).toHaveProperty('504');
  expect(body.paths['/v2/models/example/versions/1/predict'].post.responses).toHaveProperty('504');
  expect(body.paths['/v2/models/{model}/infer'].post.responses).toHaveProperty('504');
  expect(body.paths['/v2/models/{model}/config'].get.responses).not.toHaveProperty('504');
});

/** Metrics without a value as long as nothing goes wrong, no model changes and no row is odd. */
const rare = [
  'prediction_outliers_total',
  'prediction_log_events_total',
  'prediction_log_files_total',
  'output_guard_trips_total',
  'model_reloads_total',
  'worker_restarts_total',
  // Of models with an experiment, see experiment/experiment.test.ts.
  'experiment_active',
  'experiment_requests_total',
  'shadow_comparisons_total',
  'shadow_score_difference',
  // Of models that `causeway monitor` has looked at, see follow-findings.test.ts.
  'monitor_finding',
  'monitor_value',
  'monitor_run_timestamp_seconds',
];

test('every declared metric is emitted and no other', async () => {
  await post(infer, { inputs: [tensor([1, 0, 0, 0, 0], [1, 5])] });
  await post(infer, 'not JSON');
  await post('/v2/models/example/predict', { scheduled_at: '2013-12-24T18:00:00Z', carrier: 'UA', dest: 'IAH' });
  const response = await fetch(`${service.adminUrl}/metrics`);
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  const emitted = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name, type]) => [name, type]);
  expect(new Map(emitted as [string, string][])).toEqual(
    new Map(Object.entries(metricRows).map(([name, row]) => [name, row.type])),
  );
  const common = Object.keys(metricRows).filter((name) => !rare.includes(name));
  for (const name of common) expect(text).toMatch(new RegExp(`^${name}(_count)?[ {]`, 'm'));
  expect(text).toContain('model_ready{model="example",version="1"} 1');
  expect(text).toMatch(/inference_requests_total\{model="example",version="1",code="200"\} \d/);
  expect(text).toMatch(/inference_rejected_total\{model="example",version="1",reason="malformed_json"\} \d/);
});

test('names that a caller invents do not become labels', async () => {
  await post('/v2/models/invented-by-me/infer', {});
  const text = await (await fetch(`${service.adminUrl}/metrics`)).text();
  expect(text).not.toContain('invented-by-me');
  expect(text).toMatch(/inference_rejected_total\{model="",version="",reason="unknown_model"\} \d/);
});

test('the admin port serves metrics only, and the data port serves none', async () => {
  expect(await get('/v2', service.adminUrl)).toMatchObject({ status: 404, body: { code: 'unknown_path' } });
  expect(await get('/metrics')).toMatchObject({ status: 404, body: { code: 'unknown_path' } });
});
