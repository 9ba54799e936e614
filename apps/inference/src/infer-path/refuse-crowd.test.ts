import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { metrics as rows } from '@repo/contract/metric';
import { errorBodySchema } from '@repo/contract/protocol';
import { createMetrics } from '@repo/telemetry/metrics';
import { expect, test } from 'vitest';
import { createCrowdRefusal } from './refuse-crowd.ts';

test('a refusal is an error like any other, is counted, and keeps the connection though the body was not read', async () => {
  const metrics = createMetrics(rows);
  const server = createServer(createCrowdRefusal(metrics));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const connections = new Set<unknown>();
  server.on('connection', (socket) => connections.add(socket));
  try {
    for (let i = 0; i < 3; i++) {
      const headers = { 'x-request-id': `r${i}` };
      const answer = await fetch(url, { method: 'POST', body: 'x'.repeat(4000), headers });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/json']);
      expect(answer.headers.get('x-request-id')).toBe(`r${i}`);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(errorBodySchema.parse(await answer.json())).toMatchObject({ code: 'overloaded', request_id: `r${i}` });
    }
    expect(connections.size).toBe(1);
    const text = await metrics.scrape();
    expect(text).toContain('inference_requests_total{model="",version="",code="503"} 3');
    expect(text).toContain('inference_rejected_total{model="",version="",reason="overloaded"} 3');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
