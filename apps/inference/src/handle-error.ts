import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ErrorCode, errorCatalogue } from '@repo/contract/error-catalogue';
import { show } from '@repo/contract/input-error';
import type { ErrorBody } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import type { Logger } from '@repo/telemetry/logger';
import type { ErrorRequestHandler } from 'express';
import { closeGently } from './close-gently.ts';
import type { Exchange } from './exchange.ts';
import { exchangeOf } from './measure.ts';
import { requestIdOf } from './request-id.ts';
import { sendJson } from './send-json.ts';

function toServiceError(error: unknown, path: string): ServiceError {
  if (error instanceof ServiceError) return error;
  if (error instanceof URIError)
    return new ServiceError('malformed_path', { path: 'path', received: show(path) }, error);
  return new ServiceError('internal', { path: 'service', received: 'a request that made it fail' }, error);
}

/** Errors that leave a body on the wire which is not worth reading. */
const unread: ReadonlySet<ErrorCode> = new Set(['body_too_large', 'body_timeout']);

/** Whether reading the rest of a body, so that the connection can be used again, costs more than a new connection. */
function hasMuchLeft({ complete, headers }: IncomingMessage): boolean {
  if (complete) return false;
  const bytes = headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : Number.NaN;
  return !(bytes <= 65_536);
}

/** Errors that come by the thousand, each like the other, when there is too much to do: metrics count them, and a log line costs more. */
const crowded: ReadonlySet<ErrorCode> = new Set(['queue_full', 'overloaded', 'quota_exceeded']);

/**
 * The one place where errors become HTTP: status and code of the catalogue, a message that tells what was received, what is allowed
 * and what to do, and never a stack trace. What the service is to blame for is logged with its cause.
 */
export function answerError(
  logger: Logger,
  exchange: Exchange | undefined,
  thrown: unknown,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const path = request.url?.split('?', 1)[0] ?? '';
  const error = toServiceError(thrown, path);
  const { code, status, message, cause, stack } = error;
  if (exchange !== undefined) exchange.refused = code;
  const id = requestIdOf(response);
  const level = status === 500 ? 'error' : crowded.has(code) ? 'debug' : 'info';
  if (logger.isLevelEnabled(level)) {
    const facts = { request_id: id, code, status, method: request.method, path: path.slice(0, 200) };
    if (status === 500) logger.error({ ...facts, err: cause ?? { message, stack } }, errorCatalogue[code].means);
    else logger[level]({ ...facts, reason: message }, 'refused');
  }
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  if (status === 503 || status === 429) response.setHeader('retry-after', String(error.retryAfterSeconds));
  if (unread.has(code) || hasMuchLeft(request)) closeGently(request, response);
  const body: ErrorBody = { error: message, code, request_id: id };
  sendJson(response, status, body);
}

/** {@link answerError} as the last handler of an Express app. */
export function handleError(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, _next) =>
    answerError(logger, exchangeOf(response), error, request, response);
}
