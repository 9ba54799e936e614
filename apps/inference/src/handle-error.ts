import { type ErrorCode, errorCatalogue } from '@repo/contract/error-catalogue';
import { show } from '@repo/contract/input-error';
import type { ErrorBody } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import type { Logger } from '@repo/telemetry/logger';
import type { ErrorRequestHandler, Response } from 'express';
import { requestIdOf } from './request-id.ts';
import { sendJson } from './send-json.ts';

/** The catalogue's code of a response that is an error, for metrics. */
export const errorCodeOf = (response: Response): ErrorCode | undefined => response.locals.errorCode;

function toServiceError(error: unknown, path: string): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof URIError)
    return new ServiceError('malformed_path', { path: 'path', received: show(path) }, error);
  return new ServiceError('internal', { path: 'service', received: 'a request that made it fail' }, error);
}

/**
 * The one place where errors become HTTP: status and code of the catalogue, a message that tells what was received, what is allowed
 * and what to do, and never a stack trace. What the service is to blame for is logged with its cause.
 */
export function handleError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { code, status, message, cause, stack } = toServiceError(error, request.path);
    response.locals.errorCode = code;
    const id = requestIdOf(response);
    const facts = { request_id: id, code, status, method: request.method, path: request.path.slice(0, 200) };
    if (status === 500) logger.error({ ...facts, err: cause ?? { message, stack } }, errorCatalogue[code].means);
    else logger.info({ ...facts, reason: message }, 'refused');
    if (response.headersSent) return next(error);
    if (status === 503) response.setHeader('retry-after', '1');
    const body: ErrorBody = { error: message, code, request_id: id };
    sendJson(response, status, body);
  };
}
