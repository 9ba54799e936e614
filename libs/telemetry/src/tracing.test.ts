import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startTracing, untraced, validTraceparent } from './tracing.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = `00-${trace}-00f067aa0ba902b7-01`;

interface Exported {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  status: { code?: number };
  startTimeUnixNano: string;
  endTimeUnixNano: string;
}

/** A collector that keeps what it is sent. */
async function startCollector() {
  const spans: Exported[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { resourceSpans } = JSON.parse(Buffer.concat(chunks).toString());
    for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { spans, endpoint: `http://127.0.0.1:${port}`, close: () => server.close() };
}

test('a request and its parts reach the collector as one trace below the caller', async () => {
  const collector = await startCollector();
  const tracing = await startTracing({ endpoint: collector.endpoint, ratio: 0, service: 's', version: '1' });
  const request = tracing.begin('infer', parent);
  request.part('queue', 0.003, 0.002);
  request.part('run', 0.002);
  request.end({ model: 'm' }, true);
  tracing.begin('infer', undefined).end({}, false);
  await tracing.close();
  collector.close();
  const [queue, run, infer, ...rest] = collector.spans;
  const betweenMs = (Number(run?.startTimeUnixNano) - Number(queue?.endTimeUnixNano)) / 1e6;
  expect(Math.abs(betweenMs), 'one part begins where the one before it ended').toBeLessThan(2);
  expect(rest, 'without a sampled parent the ratio of 0 decides').toEqual([]);
  expect(infer).toMatchObject({ name: 'infer', traceId: trace, parentSpanId: '00f067aa0ba902b7', status: { code: 2 } });
  expect(run).toMatchObject({ name: 'run', traceId: trace, parentSpanId: infer?.spanId });
  expect(request.traceparent).toBe(`00-${trace}-${infer?.spanId}-01`);
});

test('a collector that is away loses spans and nothing else', async () => {
  const collector = await startCollector();
  collector.close();
  const tracing = await startTracing({ endpoint: collector.endpoint, ratio: 1, service: 's', version: '1' });
  const request = tracing.begin('infer', undefined);
  expect(validTraceparent(request.traceparent)).toBe(request.traceparent);
  request.end({}, false);
  await tracing.close();
});

test('without a collector the context of the caller is handed on, and only a valid one', () => {
  expect(untraced.begin('infer', parent).traceparent).toBe(parent);
  const wrong = [`01-${trace}-00f067aa0ba902b7-01`, `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, 'x', `${parent}-more`];
  for (const header of wrong) expect(untraced.begin('infer', header).traceparent).toBeUndefined();
  expect(untraced.begin('infer', undefined).traceparent).toBeUndefined();
});
