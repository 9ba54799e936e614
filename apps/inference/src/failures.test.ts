import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { metrics as metricRows } from '@repo/contract/metric';
import { ServiceError } from '@repo/contract/service-error';
import type { OnlineStore } from '@repo/features/online-store';
import { createExampleLoader } from '@repo/serving/fixtures/example-loader';
import { createShadow } from '@repo/serving/predict/shadow';
import type { PredictionLog } from '@repo/serving/prediction-log';
import { createNoLog } from '@repo/serving/prediction-log/no-log';
import { createLogger } from '@repo/telemetry/logger';
import { createMetrics } from '@repo/telemetry/metrics';
import { untraced } from '@repo/telemetry/tracing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { allowAll } from './access/authorize.ts';
import { createListener } from './app.ts';
import { createExampleWorkspace } from './fixtures/example-service.ts';
import { createGauges } from './gauges.ts';
import { createReadiness } from './readiness.ts';
import { createTurnBudget } from './turn-budget.ts';

const store: OnlineStore = {
  get: async (keys) => keys.map(() => ({ atUs: null, row: null })),
  put: () => Promise.reject(new Error('unused')),
  refresh: () => Promise.reject(new Error('unused')),
  materializedAt: () => Promise.resolve(null),
  close: () => {},
};

/** The app over an empty online store, with a prediction log that remembers nothing unless told otherwise. */
async function serve(predictionLog: PredictionLog = createNoLog()) {
  const workspace = await createExampleWorkspace();
  const { table, loader, release } = await createExampleLoader(workspace.dir);
  await loader.start();
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', to: { write: (line) => lines.push(line) } });
  const metrics = createMetrics(metricRows);
  const limits = { maxBodyBytes: 1e6, maxReadingBytes: 1e6, maxJsonElements: 1000, bodyTimeoutMs: 1000 };
  const deps = {
    table,
    readiness: createReadiness(table),
    store,
    predictionLog,
    shadow: createShadow({ store }),
    metrics,
    logger,
    limits,
    turnBudget: createTurnBudget(),
    authorize: allowAll,
    tracing: untraced,
    changeable: false,
    defaultTimeoutMs: 1000,
    version: 'x',
  };
  const server = createServer(createListener(deps)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.close();
    server.closeAllConnections();
    await release();
    await workspace.remove();
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/v2/models/example`, lines, metrics, table };
}

test('a failure inside is 500 without its reason, which the log has under the request id', async () => {
  const append = () => {
    throw new Error('disk I/O error in /secret/place');
  };
  const { url, lines } = await serve({ ...createNoLog(), append });
  const body = JSON.stringify({ scheduled_at: '2013-12-24T18:00:00Z', carrier: 'UA', dest: 'IAH' });
  const answer = await fetch(`${url}/predict`, { method: 'POST', body, headers: { 'x-request-id': 'r-500' } });
  const text = await answer.text();
  expect(answer.status).toBe(500);
  expect(JSON.parse(text)).toMatchObject({ code: 'internal', request_id: 'r-500' });
  expect(text).not.toMatch(/secret|\.ts:\d/);
  const line = lines.map((l) => JSON.parse(l)).find((l) => l.request_id === 'r-500');
  expect(line).toMatchObject({ level: 'error', code: 'internal' });
  expect(line.err.stack).toContain('Error: disk I/O error in /secret/place');
});

test('an output that JSON cannot hold is 500, never null', async () => {
  const { url } = await serve();
  const input = { name: 'features', datatype: 'FP32', shape: [1, 5], data: [3e38, 0, 0, 0, 3e38] };
  const answer = await fetch(`${url}/infer`, { method: 'POST', body: JSON.stringify({ inputs: [input] }) });
  expect(answer.status).toBe(500);
  expect(await answer.json()).toMatchObject({
    code: 'output_not_finite',
    error: expect.stringContaining('outputs.raw[0]: received Infinity'),
  });
});

test('clients that leave in the middle of their body count as 499 and leave nothing in flight', async () => {
  const { port, metrics } = await serve();
  const sockets = ['infer', 'predict'].map((verb) => {
    const socket = connect(port, '127.0.0.1');
    socket.write(`POST /v2/models/example/${verb} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{`);
    return socket;
  });
  while (!(await metrics.scrape()).includes('inference_inflight 2')) await wait(5);
  for (const socket of sockets) socket.destroy();
  while (!(await metrics.scrape()).includes('inference_inflight 0')) await wait(5);
  expect(await metrics.scrape()).toContain('inference_requests_total{model="example",version="1",code="499"} 2');
});

test('a run that does not end makes the process dead and not ready, and nothing else does', async () => {
  const { url, table } = await serve();
  const base = new URL(url).origin;
  const statuses = async (paths: string[]) => Promise.all(paths.map(async (path) => (await fetch(base + path)).status));
  const [live, ready] = [
    ['/v2/health/live', '/livez', '/healthz'],
    ['/v2/health/ready', '/readyz'],
  ] as const;
  expect(await statuses([...live, ...ready])).toEqual([200, 200, 200, 200, 200]);
  vi.spyOn(table.find('example'), 'live').mockReturnValue(false);
  expect(await statuses([...live, ...ready])).toEqual([503, 503, 503, 503, 503]);
  const answer = await (await fetch(`${base}/readyz`)).json();
  expect(answer).toMatchObject({ error: expect.stringContaining('model example has a run that does not end') });
});

test('a model without a thread to run it makes the process not ready, but not dead', async () => {
  const { url, table } = await serve();
  const base = new URL(url).origin;
  vi.spyOn(table.find('example'), 'ready').mockReturnValue(false);
  expect((await fetch(`${base}/livez`)).status).toBe(200);
  const answer = await fetch(`${base}/readyz`);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ error: expect.stringContaining('model example has lost its threads') });
});

test('a model that has lost its threads is not ready by itself either, and the index says so', async () => {
  const { url, table, metrics } = await serve();
  vi.spyOn(table.find('example'), 'ready').mockReturnValue(false);
  const ready = await fetch(`${url}/ready`);
  expect([ready.status, await ready.json()]).toEqual([503, expect.objectContaining({ code: 'model_not_ready' })]);
  expect((await fetch(`${new URL(url).origin}/v2/models/example-temp/ready`)).status).toBe(200);
  const index = async (body: object) => {
    const init = { method: 'POST', body: JSON.stringify(body) };
    return (await fetch(`${new URL(url).origin}/v2/repository/index`, init)).json();
  };
  const reason = 'it has lost its threads; the log has the reason';
  expect(await index({})).toContainEqual({ name: 'example', version: '1', state: 'UNAVAILABLE', reason });
  expect(await index({ ready: true })).toEqual([expect.objectContaining({ name: 'example-temp', state: 'READY' })]);
  createGauges(table, metrics, { newest: () => null }).refresh();
  expect(await metrics.scrape()).toContain('model_ready{model="example",version="1"} 0');
});

test('under overload a request is refused before its body is read, and told when to come back', async () => {
  const { port, table, lines } = await serve();
  const refusal = { path: 'example', received: 'a queue', retryAfterSeconds: 7 };
  vi.spyOn(table.find('example'), 'admit').mockImplementation(() => {
    throw new ServiceError('queue_full', refusal);
  });
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write('POST /v2/models/example/infer HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n');
  let text = '';
  while (!text.endsWith('}')) text += (await once(socket, 'data'))[0];
  expect(text).toMatch(/^HTTP\/1\.1 503 .*\r\nretry-after: 7\r\n.*"code":"queue_full"/is);
  expect(lines.join(''), 'thousands of these say nothing that the metrics do not').not.toContain('queue_full');
});

test('a crowd is refused like its first, counted at the model, on connections that stay; once there is room the next is answered', async () => {
  const { port, table, metrics } = await serve();
  const refusal = { path: 'example', received: 'a queue', retryAfterSeconds: 7 };
  const admit = vi.spyOn(table.find('example'), 'admit').mockImplementation(() => {
    throw new ServiceError('queue_full', refusal);
  });
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  const request = (id: number) =>
    `POST /v2/models/example/infer HTTP/1.1\r\nhost: x\r\nx-request-id: r${id}\r\ncontent-length: 4\r\n\r\n{"a"`;
  // One segment, so that all are read in one turn.
  socket.write([1, 2, 3].map(request).join(''));
  let text = '';
  while (text.split('"request_id"').length < 4) text += (await once(socket, 'data'))[0];
  const answers = text.split(/(?=HTTP\/1\.1 )/);
  expect(answers).toHaveLength(3);
  for (const [i, answer] of answers.entries())
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 503 .*"code":"queue_full","request_id":"r${i + 1}"}$`, 'is'));
  expect(admit.mock.calls.length, 'the first alone was asked about').toBe(1);
  await expect
    .poll(() => metrics.scrape())
    .toContain('inference_rejected_total{model="example",version="1",reason="queue_full"} 3');
  admit.mockRestore();
  socket.write(request(4));
  const [next] = await once(socket, 'data');
  expect(String(next), 'refused for what it holds').toMatch(/^HTTP\/1\.1 400 /);
});

test('a prediction, answered or refused, lets go of the model that it held', async () => {
  const { url, table } = await serve();
  const model = table.find('example');
  const flight = { scheduled_at: '2013-12-24T18:00:00Z', carrier: 'UA', dest: 'IAH' };
  const ask = (body: object) => fetch(`${url}/predict`, { method: 'POST', body: JSON.stringify(body) });
  const answers = await Promise.all([ask(flight), ask({})]);
  expect(answers.map(({ status }) => status)).toEqual([200, 400]);
  table.remove('example');
  const run = () => model.run({ inputs: [], outputs: [], deadlineMs: performance.now() + 10_000 });
  await expect.poll(() => run().catch(({ code }) => code)).toBe('model_not_ready');
});
