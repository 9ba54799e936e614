import type { ServerResponse } from 'node:http';

/**
 * Answers with JSON whose Content-Type is exactly application/json: clients of the protocol compare the whole header, and
 * Express would append a charset.
 */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
