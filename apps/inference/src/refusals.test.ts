import { createHash } from 'node:crypto';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { metrics } from '@repo/contract/metric';
import { createMetrics } from '@repo/telemetry/metrics';
import { untraced } from '@repo/telemetry/tracing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { routesOf } from './add-route.ts';
import { createApp } from './app.ts';
import type { AppDeps } from './app-deps.ts';
import { createExampleWorkspace, type ExampleService, startExample } from './fixtures/example-service.ts';
import { documentOf, isListed } from './fixtures/listed-refusals.ts';

let workspace: Awaited<ReturnType<typeof createExampleWorkspace>>;
let service: ExampleService;
let document: Awaited<ReturnType<typeof documentOf>>;
beforeAll(async () => {
  workspace = await createExampleWorkspace();
  await appendFile(join(workspace.modelsDir, 'example-temp', 'release', '1', 'model.onnx'), 'x');
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const keys = [
    { id: 'all', sha256: sha256('key-all'), models: ['*'] },
    { id: 'other', sha256: sha256('key-other'), models: ['other'] },
    { id: 'few', sha256: sha256('key-few'), models: ['*'], requestsPerMinute: 1 },
  ];
  const file = join(workspace.dir, 'keys.json');
  await writeFile(file, JSON.stringify({ schemaVersion: 1, keys }), { mode: 0o600 });
  service = await startExample(workspace.dir, { API_KEYS_FILE: file, MAX_BODY_BYTES: '1000' });
  document = await documentOf(service.url, 'key-all');
});
afterAll(async () => {
  await service.stop();
  await workspace.remove();
});

interface Attempt {
  readonly key?: string | null;
  readonly model?: string;
  readonly version?: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** One way of being refused for each part that refuses; `example-temp` is damaged. Those with a body are for POST. */
const attempts: Readonly<Record<string, Attempt>> = {
  unauthenticated: { key: null },
  forbidden: { key: 'key-other' },
  quota_exceeded: { key: 'key-few' },
  unknown_model: { model: 'nothing' },
  unknown_version: { version: '9' },
  model_not_ready: { model: 'example-temp' },
  malformed_path: { model: '%ff' },
  malformed_json: { body: '{' },
  invalid_request: { body: '{"ready":1}' },
  unsupported_media_type: { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  unsupported_encoding: { body: '{}', headers: { 'content-encoding': 'br' } },
  malformed_body: { body: 'no gzip', headers: { 'content-encoding': 'gzip' } },
  body_too_large: { body: ' '.repeat(2000) },
};

const methodOf = (operations: object): 'GET' | 'POST' => ('get' in operations ? 'GET' : 'POST');

async function outcome(path: string, method: 'GET' | 'POST', attempt: Attempt) {
  const { key = 'key-all', model = 'example', version = '1', body = '{}', headers = {} } = attempt;
  const filled = path.replace('{model}', model).replace('{version}', version);
  const authorization: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const init = method === 'GET' ? {} : { method, body };
  const answer = await fetch(service.url + filled, { ...init, headers: { ...authorization, ...headers } });
  const { code } = JSON.parse(await answer.text()) as { code?: string };
  return { filled, status: answer.status, code };
}

test('whatever a path refuses is listed there', async () => {
  await outcome('/v2/models', 'GET', { key: 'key-few' });
  const met = new Map<string, Set<string>>();
  for (const [path, operations] of Object.entries(document.paths)) {
    const method = methodOf(operations);
    for (const attempt of Object.values(attempts)) {
      const { status, code = '' } = await outcome(path, method, attempt);
      if (status === 200) continue;
      const problem = `${method} ${path} answers ${status} ${code} and does not list it`;
      expect(isListed(document, method, path, status, code) ? '' : problem).toBe('');
      met.set(code, new Set(met.get(code)).add(path));
    }
  }
  expect([...met.keys()].sort()).toEqual([...Object.keys(attempts), 'not_ready'].sort());
  expect(met.get('unauthenticated')).toContain('/v2/models');
  expect(met.get('quota_exceeded')).toContain('/openapi.json');
});

/** Other names of health, for the probes that try them first; predict is described for each model. */
const undescribed = ['/livez', '/healthz', '/readyz', '/v2/models/:model{/versions/:version}/predict'];

test('every route is described', () => {
  const app = createApp({ metrics: createMetrics(metrics), tracing: untraced } as AppDeps);
  const routes = [...routesOf(app).keys()];
  expect(routes).toEqual(expect.arrayContaining(undescribed));
  const short = (route: string) => route.replace(/\{[^}]*\}/, '').replace(/:(\w+)/g, '{$1}');
  const missing = routes.filter((route) => !(short(route) in document.paths));
  expect(missing.sort()).toEqual([...undescribed].sort());
});

test('what a path cannot refuse is not listed there', () => {
  const statuses = (path: string, method: string) => Object.keys(document.paths[path]?.[method]?.responses ?? {});
  expect(statuses('/v2', 'get')).toEqual(['200', '500']);
  expect(statuses('/v2/health/ready', 'get')).toEqual(['200', '500', '503']);
  expect(statuses('/v2/models', 'get')).toEqual(['200', '401', '429', '500']);
  expect(statuses('/v2/models/{model}', 'get')).toEqual(['200', '400', '401', '403', '404', '429', '500', '503']);
  const ofBody = ['200', '400', '401', '408', '413', '415', '429', '500', '503'];
  expect(statuses('/v2/repository/index', 'post')).toEqual(ofBody);
});
