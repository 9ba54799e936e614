import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';

/** The header that carries the id of a request, both ways. */
export const requestIdHeader = 'x-request-id';
const harmless = /^[\w.:/+=-]{1,128}$/;

/** The caller's request id when it is 1-128 harmless characters, else a new one. */
export function idOf(request: IncomingMessage): string {
  const given = request.headers[requestIdHeader];
  return typeof given === 'string' && harmless.test(given) ? given : randomUUID();
}

/** Gives a response the id of its request, in the header that the caller used. */
export const requestId: RequestHandler = (request, response, next) => {
  response.setHeader(requestIdHeader, idOf(request));
  next();
};

/** The id of the request that this response answers. */
export const requestIdOf = (response: ServerResponse): string => String(response.getHeader(requestIdHeader) ?? '');
