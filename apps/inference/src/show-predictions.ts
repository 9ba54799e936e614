import { ServiceError } from '@repo/contract/service-error';
import type { PredictionLog } from '@repo/serving/prediction-log';
import type { RequestHandler } from 'express';

/** Most events of one answer. */
const most = 1000;

function limitOf(text: string | null): number {
  if (text === null) return most;
  if (/^[1-9]\d{0,3}$/.test(text) && Number(text) <= most) return Number(text);
  throw new ServiceError('invalid_request', {
    path: 'limit',
    received: text.slice(0, 40),
    allowed: `a whole number from 1 to ${most}`,
  });
}

/**
 * Answers the newest events of the prediction log, which are in memory: `{"events":[...],"next":"<cursor>"}`, oldest first. `after` is the
 * cursor of the page before. The texts are passed on as they were written. Throws ServiceError unknown_path when none are kept.
 */
export function showPredictions({ predictionLog }: { readonly predictionLog: PredictionLog }): RequestHandler {
  return (request, response) => {
    if (predictionLog.recent === undefined)
      throw new ServiceError('unknown_path', {
        path: 'path',
        received: '/predictions of a service whose prediction log is off',
        allowed: 'PREDICTION_LOG on or durable',
        action: 'switch it on and start the service again',
      });
    const asked = new URL(request.url, 'http://localhost').searchParams;
    const { lines, next } = predictionLog.recent(asked.get('after'), limitOf(asked.get('limit')));
    const body = `{"events":[${lines.join(',')}],"next":${JSON.stringify(next)}}`;
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      .end(body);
  };
}
