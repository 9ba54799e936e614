import { join } from 'node:path';
import { classificationSchema, errorBodySchema } from '@repo/contract/protocol';
import { freezeTime } from '@repo/serving/fixtures/frozen-time';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type ExampleService, startExample } from './fixtures/example-service.ts';
import { faultRows } from './fixtures/fault-rows.ts';
import { createFaultWorkspace, timeoutMs } from './fixtures/fault-workspace.ts';
import { type Threads, watchThreads } from './fixtures/faults.ts';

const { faults } = await vi.hoisted(async () => ({ faults: (await import('./fixtures/faults.ts')).createFaults() }));
vi.mock('@repo/features/open-online-store', async (original) => {
  const { openOnlineStore } = await original<typeof import('@repo/features/open-online-store')>();
  const { faultyStore } = await import('./fixtures/faults.ts');
  const open: typeof openOnlineStore = async (...given) => faultyStore(await openOnlineStore(...given), faults);
  return { openOnlineStore: open };
});
vi.mock('@repo/registry/registry', async (original) => {
  const { createRegistry } = await original<typeof import('@repo/registry/registry')>();
  const { faultyRegistry } = await import('./fixtures/faults.ts');
  const create: typeof createRegistry = (url, dir) => faultyRegistry(createRegistry(url, dir), faults);
  return { createRegistry: create };
});

let workspace: Awaited<ReturnType<typeof createFaultWorkspace>>;
let threads: Threads;
let [main, withoutRegistry]: ExampleService[] = [];

beforeAll(async () => {
  threads = watchThreads();
  workspace = await createFaultWorkspace();
  const { dir, environment } = workspace;
  main = await startExample(dir, { ...environment, MODELS_DIR: 'models' });
  faults.registryAway = true;
  const small = { MODELS_DIR: 'one', MAX_QUEUE_BYTES: '16', PREDICTION_LOG: 'off' };
  withoutRegistry = await startExample(dir, { ...environment, ...small });
}, 60_000);
afterAll(async () => {
  await Promise.all([main?.stop(), withoutRegistry?.stop()]);
  threads.forget();
  await workspace.remove();
}, 60_000);

const flight = { scheduled_at: '2013-12-24T14:00:00Z', carrier: 'UA', dest: 'IAH', seats: 2 };
const table = [
  '# What callers of predict get when something fails',
  '',
  'Each row was measured against a running service by `apps/inference/src/fault-matrix.test.ts`, on a clock that only the fault moves. The models have',
  'a timeout of 200 ms; an answer may take 10 ms more, or 10 ms more than the event loop stood still. [Serving](serving.md) says why each level answers.',
  '',
  '| what fails | status | level or error | reasons | ms |',
  '|---|---|---|---|---|',
];

test.each(faultRows)('$fault: $model answers by $level', async (row) => {
  const { status = 200, reasons = [], level, stalledMs = 0 } = row;
  const service = row.service === 'no-registry' ? withoutRegistry : main;
  const ask = (change: object = {}) =>
    fetch(`${service?.url}/v2/models/${row.model}/predict`, {
      method: 'POST',
      body: JSON.stringify({ ...flight, ...change }),
    });
  using time = freezeTime();
  const beganMs = performance.now();
  const response = await (row.under ?? (() => ask()))({ time, threads, faults, ask });
  const body: unknown = await response.json();
  const usedMs = performance.now() - beganMs;
  expect(response.status).toBe(status);
  if (status === 200) {
    const answer = classificationSchema.parse(body);
    expect([answer.fallback_level, answer.degraded_reasons]).toEqual([level, reasons]);
    expect(response.headers.get('x-fallback-level')).toBe(level);
    expect(response.headers.get('server-timing')).toBe(`predict;dur=${usedMs.toFixed(3)}`);
  } else {
    expect(errorBodySchema.parse(body).code).toBe(level);
    expect(response.headers.get('retry-after') ?? '').toMatch(status === 503 ? /^[1-9]\d*$/ : /^$/);
  }
  expect(usedMs).toBeLessThanOrEqual(Math.max(timeoutMs, stalledMs) + 10);
  table.push(`| ${row.fault} | ${status} | ${level} | ${reasons.join(', ')} | ${usedMs} |`);
});

test('the matrix is the one that the documentation shows', async () => {
  console.info(table.join('\n'));
  const path = join(import.meta.dirname, '..', '..', '..', 'docs', 'fault-matrix.md');
  await expect(`${table.join('\n')}\n`).toMatchFileSnapshot(path);
});

test('what failed is counted, and what somebody must look at is logged once', async () => {
  const metrics = await (await fetch(`${main?.adminUrl}/metrics`)).text();
  const count = (line: string) =>
    Number(
      metrics
        .split('\n')
        .find((found) => found.startsWith(line))
        ?.split(' ')
        .at(-1),
    );
  const steady = 'model="steady",version="2"';
  expect(count(`predictions_total{${steady},level="compact"}`)).toBe(4);
  expect(count(`predictions_total{${steady},level="prior"}`)).toBe(1);
  expect(count('predictions_total{model="steady",version="1",level="previous"}')).toBe(1);
  expect(count(`output_guard_trips_total{${steady},level="champion",guard="not_finite"}`)).toBe(1);
  const constant = 'model="constant",version="1",level="champion",guard="constant"';
  expect(count(`output_guard_trips_total{${constant}}`)).toBe(1);
  expect(count('online_store_read_duration_seconds_count{result="failed"}')).toBe(7);
  expect(count(`feature_values_total{${steady},status="missing"}`)).toBe(11);
  expect(count('prediction_score_count{model="constant",version="1"}')).toBe(200);
  const errors = main?.logs.filter((line) => line.msg === 'the model gave 200 rows that differ the same answer');
  expect(errors).toMatchObject([{ level: 'error', model: 'constant', fallback_level: 'champion' }]);
  const lost = main?.logs.filter((line) => JSON.stringify(line.failures ?? '').includes('worker_lost'));
  expect(lost).toMatchObject([
    { level: 'warn', fallback_level: 'compact', request_id: expect.any(String), msg: 'degraded' },
  ]);
});
