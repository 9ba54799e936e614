import { randomUUID } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

const header = 'x-request-id';

/** Takes the caller's request id when it is 1-128 harmless characters, else makes one, and returns it in the same header. */
export const requestId: RequestHandler = (request, response, next) => {
  const given = request.get(header) ?? '';
  response.setHeader(header, /^[\w.:/+=-]{1,128}$/.test(given) ? given : randomUUID());
  next();
};

/** The id of the request that this response answers. */
export const requestIdOf = (response: Response): string => String(response.getHeader(header) ?? '');
