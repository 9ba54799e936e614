import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

/** An answer as it came: header names in lower case, the body still packed. */
export interface Received {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly bytes: Buffer;
}

/**
 * Sends exactly these bytes to exactly this path, which other clients would tidy up, and adds no header that asks for anything. A
 * Content-Length among `headers` is sent as it is, and the bytes only as far as the service wants them.
 */
export function sendBytes(
  baseUrl: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  bytes: Buffer,
): Promise<Received> {
  const { protocol, hostname, port, pathname } = new URL(baseUrl);
  const request = protocol === 'https:' ? requestHttps : requestHttp;
  const length = method === 'GET' || method === 'HEAD' ? {} : { 'content-length': String(bytes.length) };
  const options = {
    method,
    hostname,
    port,
    path: pathname.replace(/\/$/, '') + path,
    headers: { ...length, ...headers },
    agent: false,
  };
  return new Promise((resolve, reject) => {
    const sent = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const fields = response.headers as Record<string, string | undefined>;
        resolve({ status: response.statusCode ?? 0, headers: fields, bytes: Buffer.concat(chunks) });
        sent.destroy();
      });
    });
    sent.once('error', reject);
    if (headers['content-length'] === undefined) sent.end(bytes);
    else sent.flushHeaders();
  });
}
