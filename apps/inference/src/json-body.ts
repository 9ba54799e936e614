import { parseJson } from '@repo/serving/protocol/parse-json';
import type { Request, RequestHandler } from 'express';
import type { Limits } from './config.ts';
import { readBody } from './read-body.ts';
import { refusals, refusing } from './refusals.ts';

/** Most values of a JSON body that is no tensor: far more than any contract has fields. */
const maxValues = 10_000;

/** The body that {@link takeBody} read, as JSON. Throws ServiceError malformed_json or too_many_elements. */
export const jsonOf = (request: Request): unknown => parseJson(request.body as Buffer, maxValues);

/** Reads the body of a request, see {@link readBody}, for the handlers after it. */
export function takeBody(limits: Limits): RequestHandler {
  const handler: RequestHandler = async (request, _response, next) => {
    request.body = await readBody(request, limits);
    next();
  };
  return refusing(handler, refusals.body);
}
