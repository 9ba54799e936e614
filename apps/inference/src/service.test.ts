import { createHash } from 'node:crypto';
import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { exampleContract, exampleModel } from '@repo/serving/fixtures/example-bundle';
import { releaseInGit } from '@repo/serving/fixtures/example-releases';
import { expect, onTestFinished, test } from 'vitest';
import { createExampleWorkspace, startExample } from './fixtures/example-service.ts';

async function workspace() {
  const space = await createExampleWorkspace();
  onTestFinished(() => space.remove());
  return space;
}

async function start(dir: string, environment: Record<string, string> = {}) {
  const service = await startExample(dir, environment);
  onTestFinished(async () => {
    await service.stop();
  });
  return service;
}

const body = JSON.stringify({ inputs: [{ name: 'features', datatype: 'FP32', shape: [1, 5], data: [1, 0, 0, 0, 0] }] });
const infer = (url: string, model: string) => fetch(`${url}/v2/models/${model}/infer`, { method: 'POST', body });

test('a damaged bundle keeps the process unready, is refused with 503 and leaves the other models answering', async () => {
  const { dir, modelsDir } = await workspace();
  await appendFile(join(modelsDir, 'example', 'release', '1', 'model.onnx'), 'x');
  const { url, adminUrl, logs } = await start(dir);
  const ready = await fetch(`${url}/v2/health/ready`);
  expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await ready.json()).toMatchObject({
    code: 'not_ready',
    error: expect.stringContaining('model example is damaged'),
  });
  expect((await fetch(`${url}/v2/health/live`)).status).toBe(200);
  expect((await infer(url, 'example-temp')).status).toBe(200);
  expect((await fetch(`${url}/v2/models/example-temp/ready`)).status).toBe(200);
  for (const path of ['', '/ready']) {
    const refused = await fetch(`${url}/v2/models/example${path}`);
    expect(refused.status).toBe(503);
    const text = await refused.text();
    expect(JSON.parse(text).code).toBe('model_not_ready');
    expect(text).not.toContain(dir);
  }
  const line = logs.find((log) => log.msg === 'model not served');
  expect(line).toMatchObject({
    level: 'error',
    model: 'example',
    reason: expect.stringMatching(/model\.onnx.*sha256/),
  });
  const metrics = await (await fetch(`${adminUrl}/metrics`)).text();
  expect(metrics).toContain('model_ready{model="example",version="1"} 0');
  expect(metrics).toContain('model_ready{model="example-temp",version="1"} 1');
});

test('with no model at all the process is live and not ready', async () => {
  const { dir } = await workspace();
  const { url } = await start(dir, { MODELS_DIR: dir });
  expect((await fetch(`${url}/v2/health/live`)).status).toBe(200);
  const ready = await fetch(`${url}/v2/health/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ error: expect.stringContaining('no model is served') });
});

test('while it waits before closing, the process is not ready, still answers and asks for other connections', async () => {
  const { dir } = await workspace();
  const service = await start(dir, { PRESTOP_DELAY_MS: '1500' });
  const stopped = service.stop();
  const ready = await fetch(`${service.url}/v2/health/ready`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    expect.objectContaining({ error: expect.stringContaining('the service is leaving') }),
  ]);
  const answer = await infer(service.url, 'example');
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  expect(await stopped).toBe(true);
  await expect(infer(service.url, 'example')).rejects.toThrow();
});

test('a port that is taken is told by its variable, and nothing stays open', async () => {
  const { dir } = await workspace();
  const first = await start(dir);
  const port = String(first.port);
  const { adminPort } = await startExample(dir).then((service) => service.stop().then(() => service));
  await expect(startExample(dir, { PORT: port, ADMIN_PORT: String(adminPort) })).rejects.toThrow(
    new RegExp(`^environment\\.PORT: received 127\\.0\\.0\\.1:${port}, which something else listens on; allowed`),
  );
  await expect(fetch(`http://127.0.0.1:${adminPort}/metrics`)).rejects.toThrow();
  await expect(startExample(dir, { ADMIN_PORT: port })).rejects.toThrow(/^environment\.ADMIN_PORT: received/);
});

test('plain models are served beside bundles', async () => {
  const { dir } = await workspace();
  const plain = join(dir, 'repository', 'plain', '7');
  await mkdir(plain, { recursive: true });
  await writeFile(join(plain, 'model.onnx'), exampleModel(exampleContract('plain')));
  const { url } = await start(dir, { MODEL_REPOSITORY: 'repository' });
  const answer = await infer(url, 'plain');
  expect([answer.status, await answer.json()]).toMatchObject([200, { model_name: 'plain', model_version: '7' }]);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('another champion is served without a restart once the registry was asked again', async () => {
  const { dir, modelsDir } = await workspace();
  const { url } = await start(dir, { REGISTRY_POLL_MS: '50' });
  await rm(join(modelsDir, 'example'), { recursive: true });
  await releaseInGit(dir, 'example', 2);
  while ((await fetch(`${url}/v2/models/example/versions/2/ready`)).status !== 200) await wait(20);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('with a file of keys every model wants one of them, and health wants none', async () => {
  const { dir } = await workspace();
  const sha256 = createHash('sha256').update('a-key').digest('hex');
  const keys = [{ id: 'tests', sha256, models: ['*'] }];
  await writeFile(join(dir, 'keys.json'), JSON.stringify({ schemaVersion: 1, keys }));
  const { url } = await start(dir, { API_KEYS_FILE: 'keys.json' });
  const headers = { authorization: 'Bearer a-key' };
  const event = JSON.stringify({ scheduled_at: '2013-12-24T18:00:00Z', carrier: 'UA', dest: 'IAH' });
  for (const [verb, sent] of [
    ['infer', body],
    ['predict', event],
  ]) {
    const path = `${url}/v2/models/example/${verb}`;
    expect((await fetch(path, { method: 'POST', body: sent as string })).status).toBe(401);
    expect((await fetch(path, { method: 'POST', body: sent as string, headers })).status).toBe(200);
  }
  expect((await fetch(`${url}/v2/models/example`)).status).toBe(401);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});
