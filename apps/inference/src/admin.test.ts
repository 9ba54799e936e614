import { createHash } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createReleaseFolder, releaseInGit } from '@repo/serving/fixtures/example-releases';
import { expect, onTestFinished, test } from 'vitest';
import { startExample } from './fixtures/example-service.ts';

const token = 'a-token-of-many-letters';
const withToken = { ADMIN_TOKEN_SHA256: createHash('sha256').update(token).digest('hex') };

async function start(environment: Record<string, string> = withToken) {
  const { dir, modelsDir, remove } = await createReleaseFolder();
  await releaseInGit(dir, 'example', 1);
  const service = await startExample(dir, environment);
  onTestFinished(async () => {
    await service.stop();
    await remove();
  });
  const post = async (verb: string, bearer: string | null = token) => {
    const headers: Record<string, string> = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    const answer = await fetch(`${service.adminUrl}/v2/repository/models/${verb}`, { method: 'POST', headers });
    return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
  };
  const metrics = async () => (await fetch(`${service.adminUrl}/metrics`)).text();
  return { ...service, dir, modelsDir, post, metrics };
}

test('a load without the token, or with another, changes nothing', async () => {
  const { post, dir, url } = await start();
  await releaseInGit(dir, 'example', 2);
  for (const bearer of [null, 'another-token', '']) {
    const { status, headers, body } = await post('example/load', bearer);
    expect([status, body.code, headers.get('www-authenticate')]).toEqual([401, 'unauthenticated', 'Bearer']);
  }
  expect((await fetch(`${url}/v2/models/example/versions/1/ready`)).status).toBe(200);
});

test('without a token set nobody may load, and is told what to set', async () => {
  const { post } = await start({});
  const { status, body } = await post('example/load');
  expect([status, body.code]).toEqual([403, 'forbidden']);
  expect(body.error).toMatch(
    /^environment\.ADMIN_TOKEN_SHA256: received nothing.*; make a token, set the variable to its SHA-256/,
  );
});

test('a load swaps to the champion, and the series of the version before are gone', async () => {
  const { post, dir, url, metrics, logs } = await start();
  expect(await metrics()).toMatch(/model_ready{model="example",version="1"} 1\n/);
  await releaseInGit(dir, 'example', 2);
  expect(await post('example/load')).toMatchObject({
    status: 200,
    body: { model_name: 'example', model_version: '2' },
  });
  expect((await fetch(`${url}/v2/models/example/versions/2/ready`)).status).toBe(200);
  expect((await fetch(`${url}/v2/models/example/versions/1/ready`)).status).toBe(404);
  const text = await metrics();
  expect(text).toMatch(/model_ready{model="example",version="2"} 1\n/);
  expect(text).toMatch(/inference_queue_depth{model="example",version="2"} 0\n/);
  expect(text).not.toMatch(/(model_ready|model_info|inference_queue_depth){model="example",version="1"/);
  expect(text).toContain('model_reloads_total{model="example",result="swapped"} 1\n');
  expect(text).toMatch(/nodejs_eventloop_lag_seconds \d/);
  expect(logs.find(({ msg }) => msg === 'model swapped')).toMatchObject({ model: 'example', from: '1', to: '2' });
});

test('a load that fails answers load_failed, is counted and logged, and the service stays ready with what it had', async () => {
  const { post, dir, modelsDir, url, metrics, logs } = await start();
  await releaseInGit(dir, 'example', 2);
  await appendFile(join(modelsDir, 'example', 'release', '2', 'model.onnx'), 'x');
  const { status, body } = await post('example/load');
  expect([status, body.code]).toEqual([500, 'load_failed']);
  expect(body.error).not.toContain(dir);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(await metrics()).toContain('model_reloads_total{model="example",result="failed"} 1\n');
  const reason = expect.stringMatching(/model\.onnx.*sha256/);
  expect(logs.find(({ msg }) => msg === 'model not swapped')).toMatchObject({ version: '2', serves: '1', reason });
});

test('an unloaded model is unknown until it is loaded again, and with none left the service is not ready', async () => {
  const { post, url, metrics } = await start();
  expect((await post('nowhere/load')).status).toBe(404);
  expect((await post('nowhere/unload')).status).toBe(404);
  expect(await post('example/unload')).toMatchObject({ status: 200, body: { model_name: 'example' } });
  expect((await fetch(`${url}/v2/models/example`)).status).toBe(404);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  expect(await metrics()).not.toContain('model_ready{model="example"');
  expect((await post('example/load')).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
});

test('requests answered while versions are swapped all succeed', async () => {
  const { post, dir, url } = await start();
  const input = { name: 'features', datatype: 'FP32', shape: [1, 5], data: [1, 0, 0, 0, 0] };
  const event = { scheduled_at: '2013-12-24T18:00:00Z', carrier: 'UA', dest: 'IAH' };
  const bodies = { infer: JSON.stringify({ inputs: [input] }), predict: JSON.stringify(event) };
  const answers = new Set<string>();
  let swapping = true;
  const outcome = async (verb: keyof typeof bodies) => {
    const answer = await fetch(`${url}/v2/models/example/${verb}`, { method: 'POST', body: bodies[verb] });
    const body = await answer.text();
    return `${answer.status} ${answer.ok ? JSON.parse(body).model_version : body}`;
  };
  const client = async (verb: keyof typeof bodies) => {
    while (swapping) answers.add(`${verb} ${await outcome(verb).catch(String)}`);
  };
  const clients = [client('infer'), client('predict')];
  for (const version of [2, 3]) {
    await releaseInGit(dir, 'example', version);
    expect((await post('example/load')).body.model_version).toBe(String(version));
    while (!answers.has(`infer 200 ${version}`) || !answers.has(`predict 200 ${version}`))
      await new Promise(setImmediate);
  }
  swapping = false;
  await Promise.all(clients);
  expect([...answers].filter((seen) => !/^(infer|predict) 200 [1-3]$/.test(seen))).toEqual([]);
});

test('the newest predictions are answered with the token, after a cursor, by either header', async () => {
  const { url, adminUrl } = await start({ ...withToken, POD_HASH: '5c9d', VARIANT: 'canary' });
  const body = JSON.stringify({ scheduled_at: '2013-12-24T18:00:00Z', carrier: 'UA', dest: 'IAH' });
  const predict = async () =>
    expect((await fetch(`${url}/v2/models/example/predict`, { method: 'POST', body })).status).toBe(200);
  const recent = async (search: string, headers: Record<string, string> = { authorization: `Bearer ${token}` }) => {
    const answer = await fetch(`${adminUrl}/predictions${search}`, { headers });
    return { status: answer.status, ...((await answer.json()) as { events: Record<string, unknown>[]; next: string }) };
  };
  await predict();
  await predict();
  await expect.poll(async () => (await recent('')).events.length).toBe(2);
  const first = await recent('?limit=1');
  expect(first.events).toMatchObject([{ podhash: '5c9d', variant: 'canary', subject: 'example/1', kind: 'predict' }]);
  const rest = await recent(`?after=${first.next}`, { 'x-admin-token': token });
  expect(rest.events).toHaveLength(1);
  expect(rest.events[0]?.id).not.toBe(first.events[0]?.id);
  expect((await recent(`?after=${rest.next}`)).events).toEqual([]);
  expect((await recent('', {})).status).toBe(401);
  expect((await recent('', { 'x-admin-token': 'another' })).status).toBe(401);
  expect((await recent('?limit=0')).status).toBe(400);
});

test('without a token nobody reads predictions, and without a log there are none', async () => {
  const closed = await start({});
  expect((await fetch(`${closed.adminUrl}/predictions`)).status).toBe(403);
  const off = await start({ ...withToken, PREDICTION_LOG: 'off' });
  const answer = await fetch(`${off.adminUrl}/predictions`, { headers: { authorization: `Bearer ${token}` } });
  expect([answer.status, ((await answer.json()) as { error: string }).error]).toEqual([
    404,
    expect.stringContaining('PREDICTION_LOG on or durable'),
  ]);
});
