import type { Express } from 'express';
import { requireKey } from '../access/require-access.ts';
import { addRoute, routesOf } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { describeApi } from '../describe-api.ts';
import { sendJson } from '../send-json.ts';

/** GET /openapi.json: the API as it is at this moment, a predict path for each model that is ready. */
export function addOpenApiRoutes(app: Express, deps: AppDeps): void {
  const { table, version } = deps;
  addRoute(app, '/openapi.json', {
    get: [
      requireKey(deps),
      (_request, response) => {
        const models = table.entries().flatMap((entry) => (entry.state === 'ready' ? [entry.model] : []));
        sendJson(response, 200, describeApi(models, version, routesOf(app)));
      },
    ],
  });
}
