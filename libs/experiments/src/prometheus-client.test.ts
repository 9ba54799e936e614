import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { createPrometheusClient, PrometheusError } from './prometheus-client.ts';

async function serverThat(answers: RequestListener): Promise<string> {
  const server = createServer(answers).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

const saying = (status: number, body: unknown) =>
  serverThat((_, response) => response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body)));

test('a query is asked for its moment, and series come with their labels', async () => {
  let asked = '';
  const url = await serverThat(async (request, response) => {
    asked = `${request.method} ${request.url} ${await text(request)}`;
    const result = [
      { metric: { le: '0.1' }, value: [1600, '12.5'] },
      { metric: {}, value: [1600, 'NaN'] },
      { metric: {}, value: [1600, '+Inf'] },
    ];
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'vector', result } }));
  });
  const samples = await createPrometheusClient(`${url}/prefix`)('sum(x)', 1600);
  expect(asked).toBe('POST /prefix/api/v1/query query=sum%28x%29&time=1600&timeout=5000ms');
  expect(samples.map(({ value }) => value)).toEqual([12.5, Number.NaN, Number.POSITIVE_INFINITY]);
  expect(samples[0]?.labels).toEqual({ le: '0.1' });
});

test.each([
  ['a query that is refused', 400, { status: 'error', error: 'parse error' }, /answered 400: parse error/],
  ['a proxy in between', 502, '<html>', /answered 502 with text that is not JSON/],
  ['an answer of another form', 200, { status: 'success', data: [] }, /another form/],
])('%s is an error that says so', async (_, status, body, message) => {
  const query = createPrometheusClient(await saying(status, body));
  const asked = query('x', 0);
  await expect(asked).rejects.toThrow(PrometheusError);
  await expect(asked).rejects.toThrow(message);
});

test('one that is away, or slow, is an error within its time', async () => {
  await expect(createPrometheusClient('http://127.0.0.1:1')('x', 0)).rejects.toThrow(/cannot be asked/);
  const silent = await serverThat(() => undefined);
  await expect(createPrometheusClient(silent, 50)('x', 0)).rejects.toThrow(/no answer within 50 ms/);
});
