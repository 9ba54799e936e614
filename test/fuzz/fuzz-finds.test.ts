import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { attack } from './properties.ts';

/** Attacks a server that answers as `listener` does; resolves with what was found, or null. */
async function findings(listener: RequestListener): Promise<string | null> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await attack('bytes that are hardly JSON or UTF-8', port, 200, 1);
    return null;
  } catch (error) {
    return String((error as Error).cause ?? error) + String((error as Error).message);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const body = JSON.stringify({ error: 'body: ...', code: 'malformed_json', request_id: 'r' });
const json = { 'content-type': 'application/json', 'content-length': body.length };

const internal = body.replace('malformed_json', 'internal');
const fault = { ...json, 'content-length': internal.length };

test('a server that keeps to the catalogue passes', async () => {
  expect(await findings((_, response) => response.writeHead(400, json).end(body))).toBeNull();
});

test.each<[string, RequestListener, RegExp]>([
  ['another status than the code has', (_, response) => response.writeHead(422, json).end(body), /422 with code/],
  ['a page instead of JSON', (_, response) => response.writeHead(400).end('<p>Bad'), /Content-Type undefined/],
  ['a fault of its own', (_, r) => r.writeHead(500, fault).end(internal), /500 internal/],
  [
    'an answer that no client can read',
    (_, r) => r.writeHead(200, json).end(body.replace('{', '{,')),
    /200 with a body that is/,
  ],
  ['nothing to say but to close', (_, r) => r.destroy(), /without a word/],
  ['an answer that breaks off', (_, r) => r.writeHead(400, json).write(body.slice(1), () => r.destroy()), /broke off/],
])('a server with %s is found', async (_what, listener, problem) => {
  expect(await findings(listener)).toMatch(problem);
});
