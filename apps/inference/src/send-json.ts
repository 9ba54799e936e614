import type { Response } from 'express';

/**
 * Answers with JSON whose Content-Type is exactly application/json: clients of the protocol compare the whole header, and
 * Express would append a charset.
 */
export function sendJson(response: Response, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
}
