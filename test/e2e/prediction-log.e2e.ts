// budget: 180 s
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '@repo/datasets/database';
import { createExampleWorkspace } from '@repo/inference/fixtures/example-service';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const runs = 20;
const callers = 8;
const workspace = await createExampleWorkspace();
afterAll(workspace.remove);
const dir = join(workspace.dir, 'log');

interface Running {
  readonly url: string;
  readonly child: ChildProcess;
  readonly exit: Promise<unknown>;
  readonly said: string[];
}

/** Starts the service as it is started elsewhere, its log durable, and waits until it is ready. */
async function start(): Promise<Running> {
  const env = {
    ...process.env,
    PORT: '0',
    ADMIN_PORT: '0',
    CAUSEWAY_STATE: `file:${join(workspace.dir, 'state')}`,
    MODELS_DIR: workspace.modelsDir,
    PREDICTION_LOG: 'durable',
    PREDICTION_LOG_DIR: dir,
  };
  const child = spawn(process.execPath, ['apps/inference/src/main.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const said: string[] = [];
  let port = 0;
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = JSON.parse(line) as { msg: string; port?: number };
    said.push(event.msg);
    if (event.msg === 'listening') port = event.port ?? 0;
    if (event.msg === 'ready') resolve();
  });
  exit.then(() => reject(new Error(`ended before it was ready: ${said.join('; ')}`)));
  await ready;
  return { url: `http://127.0.0.1:${port}/v2/models/example`, child, exit, said };
}

const bodies = {
  predict: { scheduled_at: '2013-12-24T18:00:00Z', carrier: 'AA', dest: 'ATL', seats: 100 },
  infer: { inputs: [{ name: 'features', datatype: 'FP32', shape: [1, 5], data: [0, 13, 100, 41.5, 1.5] }] },
};

/** Asks one request after the other until the service is killed. Adds the id of each that was answered 200, body and all. */
async function askUntilKilled({ url, child }: Running, caller: string, answered: string[]): Promise<void> {
  for (let i = 0; ; i++) {
    const id = `${caller}.${i}`;
    const kind = i % 2 === 0 ? 'predict' : 'infer';
    const headers = { 'content-type': 'application/json', 'x-request-id': id };
    try {
      const response = await fetch(`${url}/${kind}`, { method: 'POST', headers, body: JSON.stringify(bodies[kind]) });
      const text = await response.text();
      expect([response.status, text]).toEqual([200, expect.any(String)]);
      answered.push(id);
    } catch (error) {
      if (child.killed) return;
      throw error;
    }
  }
}

/** Loads a service and kills it at some moment, early or late. Returns the ids of what it had answered by then. */
async function killUnderLoad(run: number): Promise<string[]> {
  const running = await start();
  const { child, exit } = running;
  const answered: string[] = [];
  const load = Promise.all(
    Array.from({ length: callers }, (_, caller) => askUntilKilled(running, `run${run}.${caller}`, answered)),
  );
  while (answered.length === 0) await Promise.race([wait(5), load.then(() => Promise.reject(new Error('no answer')))]);
  await wait(Math.random() * 700);
  child.kill('SIGKILL');
  await Promise.all([load, exit]);
  return answered;
}

const segments = (end: string): string[] => readdirSync(dir).filter((file) => file.endsWith(end));

/** Ids of all events, those that are compacted as another program reads them. */
async function loggedIds(): Promise<string[]> {
  const database = await openDatabase();
  try {
    const rows = await database.rows('select id from read_parquet($1) where probability is not null or kind = $2', [
      join(dir, 'predictions/example/*/*.parquet'),
      'infer',
    ]);
    const lines = segments('.jsonl').flatMap((file) => readFileSync(join(dir, file), 'utf8').trimEnd().split('\n'));
    return [...rows.map(({ id }) => String(id)), ...lines.map((line) => JSON.parse(line).id)];
  } finally {
    database.close();
  }
}

test(`every request that a service killed ${runs} times had answered is in its log exactly once`, async () => {
  const answered: string[] = [];
  for (let run = 0; run < runs; run++) {
    const ids = await killUnderLoad(run);
    expect(ids.length, `answers of run ${run}`).toBeGreaterThan(0);
    answered.push(...ids);
  }
  // A kill leaves whole writes; what a power cut leaves is put there.
  appendFileSync(join(dir, segments('.open.jsonl').at(-1) ?? ''), '{"specversion":"1.0","id":"torn');
  const { child, exit, said } = await start();
  await expect.poll(() => segments('.jsonl'), { timeout: 60_000, interval: 200 }).toEqual([]);
  const tornTails = segments('.torn').length;
  child.kill('SIGTERM');
  expect(await exit).toEqual([0, null]);
  const ids = await loggedIds();
  const count = Map.groupBy(ids, (id) => id);
  console.log(`${runs} kills: ${answered.length} answered, ${ids.length} logged, ${tornTails} torn tails`);
  expect(answered.filter((id) => count.get(id)?.length !== 1)).toEqual([]);
  expect([...count.values()].filter((same) => same.length > 1)).toEqual([]);
  expect(said.filter((message) => message.startsWith('prediction log'))).toEqual([
    expect.stringContaining('31 bytes cut off'),
  ]);
});
