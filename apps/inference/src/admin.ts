import type { ModelLoader } from '@repo/serving/model-loader';
import type { Express } from 'express';
import { addRoute } from './add-route.ts';
import { wantAdminToken } from './admin-token.ts';
import type { AppDeps } from './app-deps.ts';
import { createBareApp, finishApp } from './bare-app.ts';
import type { Gauges } from './gauges.ts';
import { sendJson } from './send-json.ts';
import { showPredictions } from './show-predictions.ts';

export interface AdminDeps extends Pick<AppDeps, 'metrics' | 'logger' | 'predictionLog'> {
  readonly loader: ModelLoader;
  readonly gauges: Gauges;
  /** SHA-256 of the token that changes of state need, in hexadecimal; null: nobody may. */
  readonly adminTokenSha256: string | null;
}

/**
 * The app of the admin port: metrics in the text format of Prometheus, openly; the newest predictions, and loading and unloading models,
 * with the token.
 */
export function createAdmin(deps: AdminDeps): Express {
  const { metrics, logger, loader, gauges, adminTokenSha256 } = deps;
  const app = createBareApp();
  const token = wantAdminToken(adminTokenSha256);
  addRoute(app, '/metrics', {
    get: [
      async (_request, response) => {
        gauges.refresh();
        const text = await metrics.scrape();
        response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
      },
    ],
  });
  addRoute(app, '/predictions', { get: [token, showPredictions(deps)] });
  addRoute(app, '/v2/repository/models/:model/load', {
    post: [
      token,
      async ({ params }, response) => {
        const { name, version } = await loader.load(params.model as string);
        sendJson(response, 200, { model_name: name, model_version: version });
      },
    ],
  });
  addRoute(app, '/v2/repository/models/:model/unload', {
    post: [
      token,
      async ({ params }, response) => {
        await loader.unload(params.model as string);
        sendJson(response, 200, { model_name: params.model });
      },
    ],
  });
  return finishApp(app, logger);
}
