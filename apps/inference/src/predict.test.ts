import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { classificationSchema, regressionSchema } from '@repo/contract/protocol';
import { viewKey } from '@repo/features/online-store';
import { openSqliteStore } from '@repo/features/sqlite-store';
import { exampleContract } from '@repo/serving/fixtures/example-bundle';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createExampleWorkspace, type ExampleService, startExample } from './fixtures/example-service.ts';

const noonUs = Date.UTC(2013, 11, 24, 12) * 1000;
let workspace: Awaited<ReturnType<typeof createExampleWorkspace>>;
let service: ExampleService;
beforeAll(async () => {
  workspace = await createExampleWorkspace();
  const online = join(workspace.dir, 'online.sqlite');
  const store = openSqliteStore(online);
  const [, latest, window] = exampleContract('example').views.map(viewKey) as [string, string, string];
  await store.put([
    {
      view: latest,
      atUs: noonUs,
      entities: [
        { entity: ['UA'], row: { eventUs: noonUs - 3600e6, values: [40] } },
        { entity: ['AA'], row: { eventUs: noonUs - 9 * 3600e6, values: [30] } },
      ],
    },
    { view: window, atUs: noonUs, entities: [{ entity: ['UA'], row: { eventUs: null, values: [0.5] } }] },
  ]);
  store.close();
  service = await startExample(workspace.dir, { ONLINE_STORE: `sqlite:${online}` });
});
afterAll(async () => {
  await service.stop();
  await workspace.remove();
});

const flight = { scheduled_at: '2013-12-24T14:00:00Z', carrier: 'UA', dest: 'IAH', seats: 2 };
async function predict(request: object, model = 'example') {
  const body = JSON.stringify(request);
  const response = await fetch(`${service.url}/v2/models/${model}/predict`, { method: 'POST', body });
  return { status: response.status, body: JSON.parse(await response.text()) };
}

test('a prediction tells its probability, decision, model, cut-off and every feature with its status', async () => {
  const { status, body } = await predict(flight);
  expect(status).toBe(200);
  const answer = classificationSchema.parse(body);
  const raw = 0.5 * 1 - 0.125 * 9 + 0.25 * 2 + 0.0625 * 40 + 0.5;
  expect(answer.probability).toBeCloseTo(1 / (1 + Math.exp(-raw)), 6);
  expect(answer).toMatchObject({
    decision: true,
    threshold: 0.5,
    model_name: 'example',
    model_version: '1',
    model_digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    cutoff: '2013-12-24T12:00:00Z',
    features_as_of: '2013-12-24T12:00:00Z',
    degraded_reasons: [],
    fallback_level: 'champion',
    outlier: null,
  });
  expect(answer.features).toEqual([
    { name: 'dest', value: 'IAH', status: 'ok' },
    { name: 'hour', value: 9, status: 'ok' },
    { name: 'seats', value: 2, status: 'ok' },
    { name: 'carrier_temp', value: 40, status: 'ok' },
    { name: 'carrier_delay', value: 0.5, status: 'ok' },
  ]);
});

test('a prediction is remembered with its request, its answer and the id and trace of the request', async () => {
  const headers = {
    'x-request-id': 'remember-me',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  };
  const url = `${service.url}/v2/models/example/predict`;
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(flight), headers });
  const answer = await response.json();
  const events = async () => {
    const folder = join(workspace.dir, '.causeway', 'state', 'predictions');
    const files = (await readdir(folder)).filter((file) => file.endsWith('.jsonl'));
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
    const lines = texts
      .join('')
      .split('\n')
      .filter((line) => line.includes('remember-me'));
    return lines.map((line) => JSON.parse(line));
  };
  await expect.poll(events).toHaveLength(1);
  expect(await events()).toMatchObject([
    {
      id: 'remember-me',
      traceparent: headers.traceparent,
      subject: 'example/1',
      kind: 'predict',
      data: { request: flight, answer },
    },
  ]);
});

test('predict and infer agree on the same row', async () => {
  const { body } = await predict(flight);
  const input = { name: 'features', datatype: 'FP32', shape: [1, 5], data: [1, 9, 2, 40, 0.5] };
  const response = await fetch(`${service.url}/v2/models/example/infer`, {
    method: 'POST',
    body: JSON.stringify({ inputs: [input], outputs: [{ name: 'probability' }] }),
  });
  const { outputs } = (await response.json()) as { outputs: { data: number[] }[] };
  expect(outputs[0]?.data[0]).toBe(body.probability);
});

test('an unknown airport is answered and flagged', async () => {
  const { status, body } = await predict({ ...flight, dest: 'XXX' });
  expect(status).toBe(200);
  expect(body.features[0]).toEqual({ name: 'dest', value: 'XXX', status: 'missing' });
  expect(body.degraded_reasons).toEqual(['unknown_category:dest']);
});

test('an optional field that is absent is missing, not an error', async () => {
  const { seats: _, ...rest } = flight;
  const { status, body } = await predict(rest);
  expect(status).toBe(200);
  expect(body.features[2]).toEqual({ name: 'seats', value: null, status: 'missing' });
  expect(body.degraded_reasons).toEqual(['missing:seats']);
});

test('what the store does not know is missing, what is too old is stale, and both are answered', async () => {
  const { status, body } = await predict({ ...flight, carrier: 'AA' });
  expect(status).toBe(200);
  expect(body.degraded_reasons).toEqual(['stale:carrier_temp', 'missing:carrier_delay']);
  const unknown = await predict({ ...flight, carrier: 'ZZ' });
  expect(unknown.status).toBe(200);
  expect(unknown.body.degraded_reasons).toEqual(['missing:carrier_temp', 'missing:carrier_delay']);
});

test('another model that never was materialized answers with its looked-up features missing', async () => {
  const empty = await startExample(workspace.dir, { ONLINE_STORE: `sqlite:${join(workspace.dir, 'empty.sqlite')}` });
  const response = await fetch(`${empty.url}/v2/models/example/predict`, {
    method: 'POST',
    body: JSON.stringify(flight),
  });
  const body = (await response.json()) as { degraded_reasons: string[] };
  await empty.stop();
  expect(response.status).toBe(200);
  expect(body.degraded_reasons).toEqual(['missing:carrier_temp', 'missing:carrier_delay']);
});

test('a regression answers a prediction and no decision', async () => {
  const { status, body } = await predict(flight, 'example-temp');
  expect(status).toBe(200);
  expect(regressionSchema.parse(body).prediction).toBe(0.5 * 1 - 0.125 * 9 + 0.25 * 2 + 0.0625 * 40 + 0.5);
});
