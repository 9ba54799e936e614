import type { RequestListener } from 'node:http';
import type { Express } from 'express';
import type { AppDeps } from './app-deps.ts';
import { createBareApp, finishApp } from './bare-app.ts';
import { createInferListener } from './infer-path/infer-listener.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addInferRoutes } from './routes/infer.ts';
import { addModelConfigRoutes } from './routes/model-config.ts';
import { addModelRoutes } from './routes/models.ts';
import { addOpenApiRoutes } from './routes/openapi.ts';
import { addPredictRoutes } from './routes/predict.ts';
import { addRepositoryRoutes } from './routes/repository.ts';
import { addServerRoutes } from './routes/server.ts';
import { addStatisticsRoutes } from './routes/statistics.ts';

/** The app of the data port: protocol, predictions and health. */
export function createApp(deps: AppDeps): Express {
  const app = createBareApp();
  addServerRoutes(app, deps);
  addHealthRoutes(app, deps);
  addStatisticsRoutes(app, deps);
  addModelRoutes(app, deps);
  addModelConfigRoutes(app, deps);
  addRepositoryRoutes(app, deps);
  addInferRoutes(app, deps);
  addPredictRoutes(app, deps);
  addOpenApiRoutes(app, deps);
  return finishApp(app, deps.logger);
}

/** What the server of the data port calls for every request. */
export const createListener = (deps: AppDeps): RequestListener => createInferListener(deps, createApp(deps));
