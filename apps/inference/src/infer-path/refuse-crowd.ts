import type { RequestListener } from 'node:http';
import type { ServiceError } from '@repo/contract/service-error';
import type { ServiceMetrics } from '../app-deps.ts';
import { modelMetrics, type Served } from '../model-metrics.ts';
import { idOf, requestIdHeader } from '../request-id.ts';
import type { EndOfTurn } from './end-of-turn.ts';

/** What many requests are refused with at once. */
export interface CrowdRefusalOptions {
  readonly error: ServiceError;
  /** Whom they asked; null where nobody has looked. */
  readonly model: Served | null;
  /** Asked for each of them, so that they do not all return at once. */
  readonly retryAfterSeconds: () => number;
}

/**
 * Refuses requests for which there is no time, by the thousand in a second: the answer is that of any error, made from text that is the
 * same for all, and the body is left to be discarded as it comes. Answers at the `endOfTurn`.
 */
export function createCrowdRefusal(
  metrics: ServiceMetrics,
  endOfTurn: EndOfTurn,
  { error, model, retryAfterSeconds }: CrowdRefusalOptions,
): RequestListener {
  const { answered, rejected } = modelMetrics(metrics, model);
  const { code, message, status } = error;
  const head = `{"error":${JSON.stringify(message)},"code":"${code}","request_id":"`;
  return (request, response) => {
    const arrivedMs = performance.now();
    endOfTurn(() => {
      const id = idOf(request);
      const body = `${head}${id}"}`;
      const length = String(Buffer.byteLength(body));
      const named = ['content-type', 'application/json', requestIdHeader, id, 'content-length', length];
      response.writeHead(status, [...named, 'retry-after', String(retryAfterSeconds())]).end(body);
      answered(status, arrivedMs);
      rejected(code);
    });
  };
}
