import type { RequestListener } from 'node:http';
import type { ServiceMetrics } from '../app-deps.ts';
import { modelMetrics } from '../model-metrics.ts';
import { idOf, requestIdHeader } from '../request-id.ts';
import { pauseSeconds, tooManyRequests } from '../turn-budget.ts';

/**
 * Refuses requests for which there is no time, by the thousand in a second: the answer is that of any error, made from text that is the
 * same for all, and the body is left to be discarded as it comes.
 */
export function createCrowdRefusal(metrics: ServiceMetrics): RequestListener {
  const { answered, rejected } = modelMetrics(metrics, null);
  const { code, message, status } = tooManyRequests();
  const head = `{"error":${JSON.stringify(message)},"code":"${code}","request_id":"`;
  return (request, response) => {
    const arrivedMs = performance.now();
    const id = idOf(request);
    const body = `${head}${id}"}`;
    const pause = String(pauseSeconds());
    const length = String(Buffer.byteLength(body));
    const named = [
      'content-type',
      'application/json',
      requestIdHeader,
      id,
      'retry-after',
      pause,
      'content-length',
      length,
    ];
    response.writeHead(status, named).end(body);
    answered(status, arrivedMs);
    rejected(code);
  };
}
