import { ServiceError } from '@repo/contract/service-error';
import type { Express, RequestHandler } from 'express';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { refusing } from '../refusals.ts';
import { sendJson } from '../send-json.ts';

/**
 * Liveness: the process answers and no run is stuck; it asks no thread for it. Readiness: it wants traffic; 503 with the reasons when not.
 * Of the names that people try first, `/healthz` is liveness: probes that restart a process use it.
 */
export function addHealthRoutes(app: Express, { readiness, table }: AppDeps): void {
  const live: RequestHandler = (_request, response) => {
    if (table.live()) return sendJson(response, 200, { live: true });
    const action = 'restart the process: nothing else ends the run';
    throw new ServiceError('not_ready', { path: 'service', received: 'a run that does not end', action });
  };
  const ready: RequestHandler = (_request, response) => {
    const reasons = readiness.reasons();
    if (reasons.length === 0) return sendJson(response, 200, { ready: true });
    throw new ServiceError('not_ready', { path: 'service', received: reasons.join(', ') });
  };
  for (const path of ['/v2/health/live', '/livez', '/healthz'])
    addRoute(app, path, { get: [refusing(live, ['not_ready'])] });
  for (const path of ['/v2/health/ready', '/readyz']) addRoute(app, path, { get: [refusing(ready, ['not_ready'])] });
}
