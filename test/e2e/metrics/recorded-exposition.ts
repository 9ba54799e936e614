import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/**
 * Serves pages of metrics that were recorded from a real program, one after the other, `each` times: so a test sees all states that the
 * program was in. Begins anew after the last.
 */
export async function serveRecorded(folder: string, each: number): Promise<{ port: number; close(): void }> {
  const pages = readdirSync(folder)
    .filter((name) => name.endsWith('.prom'))
    .sort()
    .map((name) => readFileSync(join(folder, name)));
  let asked = 0;
  const server = createServer((_request, response) => {
    const page = pages[Math.floor(asked++ / each) % pages.length];
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(page);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
