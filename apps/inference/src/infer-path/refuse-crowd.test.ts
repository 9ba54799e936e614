import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metrics as rows } from '@repo/contract/metric';
import { errorBodySchema } from '@repo/contract/protocol';
import { createMetrics } from '@repo/telemetry/metrics';
import { expect, test } from 'vitest';
import { pauseSeconds, tooManyRequests } from '../turn-budget.ts';
import { createEndOfTurn } from './end-of-turn.ts';
import { createCrowdRefusal } from './refuse-crowd.ts';

async function post(port: number, agent: Agent, id: string) {
  const headers = { 'x-request-id': id, 'content-length': 4000 };
  const sent = request({ port, agent, method: 'POST', headers }).end('x'.repeat(4000));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const text = (await answer.setEncoding('utf8').toArray()).join('');
  return { status: answer.statusCode, headers: answer.headers, body: errorBodySchema.parse(JSON.parse(text)) };
}

test('a refusal is an error like any other, is counted, and keeps the connection though the body was not read', async () => {
  const metrics = createMetrics(rows);
  const refusal = { error: tooManyRequests(), model: null, retryAfterSeconds: pauseSeconds };
  const server = createServer(createCrowdRefusal(metrics, createEndOfTurn(), refusal));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let connections = 0;
  server.on('connection', () => connections++);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    for (const id of ['r0', 'r1', 'r2']) {
      const { status, headers, body } = await post(port, agent, id);
      expect([status, headers['content-type'], headers['x-request-id']]).toEqual([503, 'application/json', id]);
      expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(body).toMatchObject({ code: 'overloaded', request_id: id });
    }
    expect(connections).toBe(1);
    const text = await metrics.scrape();
    expect(text).toContain('inference_requests_total{model="",version="",code="503"} 3');
    expect(text).toContain('inference_rejected_total{model="",version="",reason="overloaded"} 3');
  } finally {
    agent.destroy();
    server.close();
  }
});
