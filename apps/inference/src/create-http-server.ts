import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';

/** Keep-alive above the 60 s after which load balancers give up an idle connection, so that they close it and not we. */
const timeouts = { keepAliveTimeout: 75_000, headersTimeout: 76_000 };

/** Makes the server of a port; with a certificate it speaks TLS and nothing else. */
export function createHttpServer(listener: RequestListener, tls: ServerOptions | null = null): Server {
  const server = tls === null ? createServer(timeouts, listener) : createTlsServer({ ...timeouts, ...tls }, listener);
  // An Expect header that means nothing to us is ignored; the server by itself would answer 417 without a word.
  return server.on('checkExpectation', listener);
}
