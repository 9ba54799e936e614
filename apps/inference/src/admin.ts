import type { Express } from 'express';
import { addRoute } from './add-route.ts';
import type { AppDeps } from './app-deps.ts';
import { createBareApp, finishApp } from './bare-app.ts';

/** The app of the admin port: GET /metrics in the text format of Prometheus. */
export function createAdmin({ metrics, logger }: Pick<AppDeps, 'metrics' | 'logger'>): Express {
  const app = createBareApp();
  addRoute(app, '/metrics', {
    get: [
      async (_request, response) => {
        const text = await metrics.scrape();
        response.writeHead(200, { 'content-type': metrics.contentType }).end(text);
      },
    ],
  });
  return finishApp(app, logger);
}
