import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createExampleWorkspace, type ExampleService, smallLimits, startExample } from '../fixtures/example-service.ts';

let workspace: Awaited<ReturnType<typeof createExampleWorkspace>>;
let service: ExampleService;
beforeAll(async () => {
  workspace = await createExampleWorkspace();
  service = await startExample(workspace.dir, { ...smallLimits, BODY_TIMEOUT_MS: '300', PREDICTION_LOG: 'durable' });
});
afterAll(async () => {
  await service.stop();
  await workspace.remove();
});

const path = '/v2/models/example/infer';
const input = { name: 'features', datatype: 'FP32', shape: [1, 5], data: [1, 0, 0, 0, 0] };
const body = (more: object = {}) => JSON.stringify({ inputs: [input], outputs: [{ name: 'raw' }], ...more });
const head = (...fields: string[]) => [`POST ${path} HTTP/1.1`, 'host: x', ...fields, '', ''].join('\r\n');
const whole = (text: string) => head(`content-length: ${text.length}`) + text;

function open(): Socket {
  const socket = connect(service.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** What arrives until `enough` holds or the other side closes. */
async function receive(socket: Socket, enough: (text: string) => boolean = () => false): Promise<string> {
  let text = '';
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += chunk;
    if (enough(text)) break;
  }
  return text;
}

test('a body over the limit is refused by its announced length, before any of it is sent, and the connection closed', async () => {
  const socket = open();
  socket.write(head('content-length: 1000000000000'));
  const text = await receive(socket);
  expect(text).toMatch(/^HTTP\/1\.1 413 .*\r\nconnection: close\r\n.*"code":"body_too_large"/is);
});

test('a body without an announced length is cut off where the limit is, and the sender still hears why', async () => {
  const socket = open();
  socket.write(head('transfer-encoding: chunked'));
  const chunk = `1000\r\n${' '.repeat(4096)}\r\n`;
  const answer = receive(socket, (text) => text.includes('}'));
  socket.on('error', () => {});
  let answered = false;
  void answer.then(() => {
    answered = true;
  });
  for (let i = 0; i < 1000 && !answered; i++)
    if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), answer]);
  expect(await answer).toMatch(/^HTTP\/1\.1 413 .*"code":"body_too_large"/s);
});

test('a body that does not arrive in time is 408 and the connection closed', async () => {
  const socket = open();
  socket.write(`${head('content-length: 100')}{`);
  expect(await receive(socket)).toMatch(/^HTTP\/1\.1 408 .*\r\nconnection: close\r\n.*"code":"body_timeout"/is);
});

test('a body that does not unpack leaves the connection good for the next request, and requests may come without waiting', async () => {
  const socket = open();
  const noise = `not gzip${' '.repeat(5000)}`;
  socket.write(head('content-encoding: gzip', `content-length: ${noise.length}`) + noise + whole(body()));
  const text = await receive(socket, (all) => all.includes('"data":[0.5]'));
  expect([...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual(['400', '200']);
});

test('a bomb of packed zeros ends at the limit', async () => {
  const socket = open();
  const bomb = gzipSync(Buffer.alloc(15_000_000));
  expect(bomb.length).toBeLessThan(20_000);
  socket.write(head('content-encoding: gzip', `content-length: ${bomb.length}`));
  socket.write(bomb);
  expect(await receive(socket, (all) => all.includes('}'))).toMatch(/^HTTP\/1\.1 413 .*"code":"body_too_large"/s);
});

test('each answer is remembered once with its inputs and outputs, refusals are not', async () => {
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
  const send = (requestId: string, bytes: string | Blob, more: Record<string, string> = {}) =>
    fetch(service.url + path, { method: 'POST', body: bytes, headers: { 'x-request-id': requestId, ...more } });
  const traced = await send('log-json', body(), { traceparent: trace });
  expect([traced.status, traced.headers.get('traceparent')]).toEqual([200, trace]);
  const json = JSON.stringify({
    inputs: [{ ...input, data: undefined, parameters: { binary_data_size: 20 } }],
    outputs: [{ name: 'raw', parameters: { binary_data: true } }],
  });
  const floats = new Uint8Array(Float32Array.of(1, Number.NaN, 0, 0, 0).buffer);
  const length = { 'inference-header-content-length': String(json.length), traceparent: 'nonsense' };
  expect((await send('log-binary', new Blob([json, floats]), length)).status).toBe(200);
  expect((await send('log-refused', '{')).status).toBe(400);
  const dir = join(workspace.dir, '.causeway', 'state');
  const files = (await readdir(dir, { recursive: true })).filter((name) => name.endsWith('.jsonl'));
  const texts = await Promise.all(files.map((name) => readFile(join(dir, name), 'utf8')));
  const events = texts.flatMap((text) => text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])));
  const find = (id: string) => events.filter((event) => event.requestid === id);
  const tensor = (name: string, shape: number[], ...values: number[]) => {
    const base64 = Buffer.from(Float32Array.from(values).buffer).toString('base64');
    return { name, datatype: 'FP32', shape, base64 };
  };
  const outputs = [tensor('raw', [1, 1], 0.5)];
  expect(find('log-json')).toEqual([
    expect.objectContaining({
      traceparent: trace,
      data: { inputs: [tensor(input.name, input.shape, ...input.data)], outputs },
    }),
  ]);
  const missing = tensor(input.name, input.shape, 1, Number.NaN, 0, 0, 0);
  expect(find('log-binary')).toEqual([expect.objectContaining({ data: { inputs: [missing], outputs } })]);
  expect(find('log-binary')[0]).not.toHaveProperty('traceparent');
  expect(find('log-refused')).toEqual([]);
});

test('a timeout that has passed is 504, and one beyond that of the model raises nothing', async () => {
  const ask = (timeout: number) =>
    fetch(service.url + path, { method: 'POST', body: body({ parameters: { timeout } }) });
  expect((await ask(1)).status).toBe(504);
  expect((await ask(1e12)).status).toBe(200);
});

test('a request with an absolute URL is answered like any other', async () => {
  const socket = open();
  socket.write(whole(body()).replace(path, `http://x${path}?a=b`));
  expect(await receive(socket, (text) => text.endsWith('}'))).toMatch(/^HTTP\/1\.1 200 .*"data":\[0\.5\]/s);
});

test('an error carries the trace of its request too', async () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00';
  for (const verb of ['infer', 'predict']) {
    const init = { method: 'POST', body: '{', headers: { traceparent } };
    const answer = await fetch(`${service.url}/v2/models/example/${verb}`, init);
    expect([answer.status, answer.headers.get('traceparent')]).toEqual([400, traceparent]);
  }
});
