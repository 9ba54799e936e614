import type { RequestListener } from 'node:http';
import type { ServiceMetrics } from '../app-deps.ts';
import { modelMetrics } from '../model-metrics.ts';
import { idOf, requestIdHeader } from '../request-id.ts';
import { pauseSeconds, tooManyRequests } from '../turn-budget.ts';
import type { EndOfTurn } from './end-of-turn.ts';

/**
 * Refuses requests for which there is no time, by the thousand in a second: the answer is that of any error, made from text that is the
 * same for all, and the body is left to be discarded as it comes. Answers at the `endOfTurn`.
 */
export function createCrowdRefusal(metrics: ServiceMetrics, endOfTurn: EndOfTurn): RequestListener {
  const { answered, rejected } = modelMetrics(metrics, null);
  const { code, message, status } = tooManyRequests();
  const head = `{"error":${JSON.stringify(message)},"code":"${code}","request_id":"`;
  return (request, response) => {
    const arrivedMs = performance.now();
    endOfTurn(() => {
      const id = idOf(request);
      const body = `${head}${id}"}`;
      const length = String(Buffer.byteLength(body));
      const named = ['content-type', 'application/json', requestIdHeader, id, 'content-length', length];
      response.writeHead(status, [...named, 'retry-after', String(pauseSeconds())]).end(body);
      answered(status, arrivedMs);
      rejected(code);
    });
  };
}
