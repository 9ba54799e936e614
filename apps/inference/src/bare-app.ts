import { show } from '@repo/contract/input-error';
import { ServiceError } from '@repo/contract/service-error';
import type { Logger } from '@repo/telemetry/logger';
import express, { type Express } from 'express';
import { handleError } from './handle-error.ts';
import { requestId } from './request-id.ts';

/** An Express app with what every app here does first. */
export function createBareApp(): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false).enable('case sensitive routing');
  return app.use(requestId);
}

/** Adds what every app here does last: 404 for unknown paths, and the mapping of errors. */
export function finishApp(app: Express, logger: Logger): Express {
  app.use((request) => {
    throw new ServiceError('unknown_path', { path: 'path', received: show(request.path) });
  });
  return app.use(handleError(logger));
}
