import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';

/** Above the 60 s after which load balancers give up an idle connection, so that they close it and not we. */
const keepAliveTimeout = 75_000;

/**
 * Makes the server of a port; with a certificate it speaks TLS and nothing else. Headers that take longer than `headersTimeout` ms are
 * answered 408 and the connection closed; an idle connection is not bound by it.
 */
export function createHttpServer(
  listener: RequestListener,
  headersTimeout: number,
  tls: ServerOptions | null = null,
): Server {
  const connectionsCheckingInterval = Math.min(5000, headersTimeout);
  const timeouts = { keepAliveTimeout, headersTimeout, connectionsCheckingInterval };
  const server = tls === null ? createServer(timeouts, listener) : createTlsServer({ ...timeouts, ...tls }, listener);
  // An Expect header that means nothing to us is ignored; the server by itself would answer 417 without a word.
  return server.on('checkExpectation', listener);
}
