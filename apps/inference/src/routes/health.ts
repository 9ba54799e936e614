import { ServiceError } from '@repo/contract/service-error';
import type { Express } from 'express';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { sendJson } from '../send-json.ts';

/** Liveness: the process answers. Readiness: it wants traffic; 503 with the reasons when not. */
export function addHealthRoutes(app: Express, { readiness }: AppDeps): void {
  addRoute(app, '/v2/health/live', { get: [(_request, response) => sendJson(response, 200, { live: true })] });
  addRoute(app, '/v2/health/ready', {
    get: [
      (_request, response) => {
        const reasons = readiness.reasons();
        if (reasons.length === 0) return sendJson(response, 200, { ready: true });
        throw new ServiceError('not_ready', { path: 'service', received: reasons.join(', ') });
      },
    ],
  });
}
