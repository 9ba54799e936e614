import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, createServer, request as httpRequest } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { denseModel } from '@repo/serving/fixtures/plain-models';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createExampleWorkspace } from './fixtures/example-service.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
let workspace: Awaited<ReturnType<typeof createExampleWorkspace>>;
beforeAll(async () => {
  workspace = await createExampleWorkspace();
});
afterAll(() => workspace.remove());

/** The service as its own process: its output as it comes, and its end. */
function run(environment: Record<string, string> = {}) {
  const { PATH = '', NODE_COMPILE_CACHE = '' } = process.env;
  const env = {
    PATH,
    // Most of a start is compiling, which the first of them does for all.
    NODE_COMPILE_CACHE,
    PORT: '0',
    ADMIN_PORT: '0',
    CAUSEWAY_STATE: `file:${join(workspace.dir, 'state')}`,
    MODELS_DIR: workspace.modelsDir,
    ...environment,
  };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const out: Record<string, unknown>[] = [];
  let [rest, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    out.push(...lines.map((line) => JSON.parse(line)));
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stderr, out }));
  /** Waits for a log line; fails with what there is when the process ends without it. */
  const logged = async (msg: string): Promise<Record<string, unknown>> => {
    while (child.exitCode === null) {
      const line = out.find((log) => log.msg === msg);
      if (line !== undefined) return line;
      await wait(10);
    }
    throw new Error(`ended without "${msg}": ${stderr}${JSON.stringify(out)}`);
  };
  return { child, ended, logged };
}

async function start(environment: Record<string, string> = {}) {
  const service = run(environment);
  const { port, admin_port } = await service.logged('listening');
  await service.logged('ready');
  const metrics = () => fetch(`http://127.0.0.1:${admin_port}/metrics`).then((answer) => answer.text());
  /** Waits until the service has begun to work on a request. */
  const busy = async () => {
    while (!(await metrics()).includes('inference_inflight 1')) await wait(10);
  };
  return { ...service, busy, metrics, port: Number(port), url: `http://127.0.0.1:${port}` };
}

const body = JSON.stringify({ inputs: [{ name: 'features', datatype: 'FP32', shape: [1, 5], data: [1, 0, 0, 0, 0] }] });

/** One request, on a connection of its own unless told; the status, or the error's code. */
function send(port: number, agent: Agent | false = false, model = 'example', sent = body): Promise<number | string> {
  return new Promise((resolve) => {
    const options = { port, path: `/v2/models/${model}/infer`, method: 'POST', agent };
    const request = httpRequest(options, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error')).end(sent);
  });
}

test('SIGTERM under load: every request sent until readiness fell is answered, and the process ends with 0', async () => {
  const { child, ended, port, url } = await start({ PRESTOP_DELAY_MS: '2000' });
  let balanced = true;
  const outcomes: (number | string)[] = [];
  const client = async () => {
    while (balanced) outcomes.push(await send(port));
  };
  const clients = Array.from({ length: 8 }, client);
  while (outcomes.length < 100) await wait(5);
  child.kill('SIGTERM');
  while ((await fetch(`${url}/v2/health/ready`)).status === 200) await wait(5);
  balanced = false;
  await Promise.all(clients);
  const { code, signal, stderr, out } = await ended;
  expect(new Set(outcomes)).toEqual(new Set([200]));
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  expect(out.at(-1)).toMatchObject({ msg: 'left', in_time: true });
});

test('SIGTERM under load without a wait: no request on a connection that was used before is failed', async () => {
  const { child, ended, port } = await start();
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const outcomes: (number | string)[] = [];
  const client = async () => {
    let outcome: number | string = 0;
    while (outcome !== 'ECONNREFUSED') {
      outcome = await send(port, agent);
      outcomes.push(outcome);
    }
  };
  const clients = Array.from({ length: 20 }, client);
  while (outcomes.length < 500) await wait(5);
  child.kill('SIGTERM');
  await Promise.all(clients);
  agent.destroy();
  expect(new Set(outcomes)).toEqual(new Set([200, 'ECONNREFUSED']));
  expect(await ended).toMatchObject({ code: 0, signal: null, stderr: '' });
});

test('a request that is half sent at SIGTERM is answered, and no new connection is taken', async () => {
  const { child, ended, logged, port, busy } = await start();
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const head = `POST /v2/models/example/infer HTTP/1.1\r\nhost: x\r\ncontent-length: ${body.length}\r\n\r\n`;
  socket.write(head + body.slice(0, 20));
  await busy();
  child.kill('SIGTERM');
  await logged('leaving');
  while ((await send(port)) !== 'ECONNREFUSED') await wait(5);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.write(body.slice(20));
  await once(socket, 'close');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(answer.toLowerCase()).toContain('connection: close');
  expect((await ended).code).toBe(0);
});

test('SIGTERM while a thread computes: its answer is given, and the process ends with 0', async () => {
  const folder = join(workspace.dir, 'repository', 'slow', '1');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'model.onnx'), denseModel([64, 1536, 1536, 1]));
  const { child, ended, port, metrics } = await start({ MODEL_REPOSITORY: join(workspace.dir, 'repository') });
  const input = { name: 'x', datatype: 'FP32', shape: [256, 64], data: Array(256 * 64).fill(0.5) };
  const ask = () => Array.from({ length: 3 }, () => send(port, false, 'slow', JSON.stringify({ inputs: [input] })));
  let sent = ask();
  const computes = async () => /^inference_inflight [1-3]/m.test(await metrics());
  // On a busy machine all may be answered before anybody looks.
  while (!(await computes())) if ((await Promise.race([Promise.all(sent), wait(5)])) !== undefined) sent = ask();
  child.kill('SIGTERM');
  expect(await Promise.all(sent)).toEqual([200, 200, 200]);
  const { code, signal, stderr, out } = await ended;
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  expect(out.find((line) => line.msg === 'model ready' && line.model === 'slow')).toMatchObject({ executor: 'worker' });
});

test('a connection that never sends a request does not keep the process', async () => {
  const { child, ended, port } = await start({ GRACE_MS: '600000' });
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
});

test('a request that never ends is cut off after the grace time, and the process says so with 1', async () => {
  const { child, ended, port, busy } = await start({ GRACE_MS: '200' });
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  socket.write('POST /v2/models/example/infer HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{');
  await busy();
  child.kill('SIGTERM');
  const { code, out } = await ended;
  expect(code).toBe(1);
  expect(out.find((line) => line.msg === 'left')).toMatchObject({ in_time: false });
});

test('SIGTERM while models are loading: the process ends with 0 and has nothing to complain of', async () => {
  const { child, ended, logged } = run();
  await logged('listening');
  child.kill('SIGTERM');
  const { code, signal, stderr, out } = await ended;
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  expect(out.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a second signal changes nothing', async () => {
  const { child, ended, logged } = await start({ PRESTOP_DELAY_MS: '200' });
  child.kill('SIGINT');
  await logged('leaving');
  child.kill('SIGINT');
  child.kill('SIGTERM');
  expect(await ended).toMatchObject({ code: 0, signal: null });
});

test('a wrong environment is told line by line before anything listens', async () => {
  const { code, stderr, out } = await run({ PORT: 'http', GRACE_MS: '-5' }).ended;
  expect(code).toBe(2);
  expect(out).toEqual([]);
  expect(stderr.trimEnd().split('\n')).toEqual([
    'environment.PORT: received "http"; allowed: a whole number from 0 to 65535; change it',
    'environment.GRACE_MS: received "-5"; allowed: a whole number from 0 to 600000; change it',
  ]);
});

test('a port in use ends with one clear line and 2', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => {
    other.close();
  });
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await run({ PORT: String(port) }).ended;
  expect(code).toBe(2);
  expect(stderr).toBe(
    `environment.PORT: received 127.0.0.1:${port}, which something else listens on; allowed: an address that is free; set PORT to another port, or HOST to another address, or stop the other process\n`,
  );
});

test('a state folder that cannot be used ends with one clear line and 2', async () => {
  const dir = await mkdtemp(join(workspace.dir, 'bad-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, 'state'), 'a file where a folder belongs');
  const { code, stderr } = await run({ CAUSEWAY_STATE: `file:${join(dir, 'state')}` }).ended;
  expect(code).toBe(2);
  expect(stderr).toMatch(/^CAUSEWAY_STATE: received .*state.*; allowed: .*; .*\n$/);
});
