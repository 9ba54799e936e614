import { ServiceError } from '@repo/contract/service-error';
import type { Express, RequestHandler } from 'express';

/** Handlers of a path by method, run in order. GET answers HEAD too. */
export type Handlers = Partial<Record<'get' | 'post', readonly RequestHandler[]>>;

/** Adds a path to an app; any method it has no handler for is answered 405 with Allow. */
export function addRoute(app: Express, path: string, handlers: Handlers): void {
  const route = app.route(path);
  const allow: string[] = [];
  if (handlers.get !== undefined) allow.push('GET', 'HEAD');
  if (handlers.post !== undefined) allow.push('POST');
  if (handlers.get !== undefined) route.get(...handlers.get);
  if (handlers.post !== undefined) route.post(...handlers.post);
  route.all((request, response) => {
    response.setHeader('allow', allow.join(', '));
    throw new ServiceError('method_not_allowed', {
      path: 'method',
      received: request.method,
      allowed: allow.join(', '),
    });
  });
}
