import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExampleWorkspace, type ExampleService, startExample } from '../fixtures/example-service.ts';

let workspace: Awaited<ReturnType<typeof createExampleWorkspace>>;
let service: ExampleService;
beforeAll(async () => {
  workspace = await createExampleWorkspace();
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const keys = [
    { id: 'all', sha256: sha256('key-all'), models: ['*'] },
    { id: 'one', sha256: sha256('key-one'), models: ['example-temp'] },
    { id: 'few', sha256: sha256('key-few'), models: ['*'], requestsPerMinute: 1 },
  ];
  const file = join(workspace.dir, 'keys.json');
  await writeFile(file, JSON.stringify({ schemaVersion: 1, keys }), { mode: 0o600 });
  service = await startExample(workspace.dir, { API_KEYS_FILE: file });
});
afterAll(async () => {
  await service.stop();
  await workspace.remove();
});

const input = { name: 'features', datatype: 'FP32', shape: [1, 5], data: [1, 0, 0, 0, 0] };
const infer = '/v2/models/example/infer';
async function ask(path: string, key: string | null, method = 'POST', body: unknown = { inputs: [input] }) {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Bearer ${key}` };
  const init = method === 'GET' ? { headers } : { method, headers, body: JSON.stringify(body) };
  const response = await fetch(service.url + path, init);
  const { code } = JSON.parse(await response.text());
  return { status: response.status, code, retryAfter: response.headers.get('retry-after') };
}

test('every path but health and the server itself wants a key, and says 401 before it says what exists', async () => {
  const document = await fetch(`${service.url}/openapi.json`, { headers: { authorization: 'Bearer key-all' } });
  const { paths } = (await document.json()) as { paths: Record<string, object> };
  const open = ['/v2', '/v2/health/live', '/v2/health/ready'];
  expect(Object.keys(paths).length).toBeGreaterThan(15);
  expect(Object.keys(paths)).toContain('/openapi.json');
  for (const [path, methods] of Object.entries(paths)) {
    for (const model of ['example', 'no-such-model']) {
      const filled = path.replace('{model}', model).replace('{version}', '1');
      const answer = await ask(filled, null, 'get' in methods ? 'GET' : 'POST');
      expect([filled, answer.status]).toEqual([filled, open.includes(path) ? 200 : 401]);
    }
  }
});

test('who is asked for a key is told in which form', async () => {
  for (const [path, method] of [
    [infer, 'POST'],
    ['/v2/models', 'GET'],
  ] as const) {
    const { status, headers } = await fetch(service.url + path, { method });
    expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  }
});

test('a key opens its models and no others, on either path through the service', async () => {
  expect(await ask(infer, 'key-all')).toMatchObject({ status: 200 });
  expect(await ask(infer, 'key-one')).toMatchObject({ status: 403, code: 'forbidden' });
  expect(await ask('/v2/models/example-temp/infer', 'key-one')).toMatchObject({ status: 200 });
  expect(await ask('/v2/models/ex%61mple/infer', 'key-one')).toMatchObject({ status: 403 });
  expect(await ask('/v2/models/example/predict', 'key-one', 'POST', {})).toMatchObject({ status: 403 });
  expect(await ask('/v2/models/example', 'key-one', 'GET')).toMatchObject({ status: 403 });
  expect(await ask('/v2/models', 'key-one', 'GET')).toMatchObject({ status: 200 });
});

test('a quota that is used up is 429 with the time to wait, and counted', async () => {
  expect(await ask(infer, 'key-few')).toMatchObject({ status: 200 });
  const refused = await ask(infer, 'key-few');
  expect(refused).toMatchObject({ status: 429, code: 'quota_exceeded' });
  expect(Number(refused.retryAfter)).toBeGreaterThan(0);
  const metrics = await (await fetch(`${service.adminUrl}/metrics`)).text();
  expect(metrics).toMatch(/inference_rejected_total\{model="",version="",reason="quota_exceeded"\} 1/);
});
