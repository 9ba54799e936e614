import { type RequestOptions, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ClusterAnswer } from './cluster.ts';

/** Milliseconds that a whole answer may take. */
const timeoutMs = 10_000;

/** Asks once, on a connection of its own; rejects when no whole answer comes within 10 s. */
export function requestText(options: RequestOptions & { ca?: Buffer; isTls?: boolean }): Promise<ClusterAnswer> {
  const { isTls = false, ...rest } = options;
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    (isTls ? requestTls : request)({ ...rest, signal, agent: false }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject);
    })
      .once('error', reject)
      .end();
  });
}
