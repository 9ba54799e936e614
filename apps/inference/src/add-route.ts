import type { ErrorCode } from '@repo/contract/error-catalogue';
import { ServiceError } from '@repo/contract/service-error';
import type { Express, RequestHandler } from 'express';
import { refusalsOf } from './refusals.ts';

/** Handlers of a path by method, run in order. GET answers HEAD too. */
export type Handlers = Partial<Record<'get' | 'post', readonly RequestHandler[]>>;

/** The errors that a path may answer with, by method. */
export type Refused = Partial<Record<keyof Handlers, ReadonlySet<ErrorCode>>>;

const routes = new WeakMap<Express, Map<string, Refused>>();

/** The routes that an app has at this moment, by their path in the form of Express. */
export const routesOf = (app: Express): ReadonlyMap<string, Refused> => routes.get(app) ?? new Map();

/** Adds a path to an app; any method it has no handler for is answered 405 with Allow. */
export function addRoute(app: Express, path: string, handlers: Handlers): void {
  const route = app.route(path);
  const allow: string[] = [];
  const refused: Refused = {};
  if (handlers.get !== undefined) allow.push('GET', 'HEAD');
  if (handlers.post !== undefined) allow.push('POST');
  if (handlers.get !== undefined) route.get(...handlers.get);
  if (handlers.post !== undefined) route.post(...handlers.post);
  for (const method of ['get', 'post'] as const) {
    const list = handlers[method];
    if (list !== undefined) refused[method] = refusalsOf(path, list);
  }
  routes.set(app, new Map(routes.get(app)).set(path, refused));
  route.all((request, response) => {
    response.setHeader('allow', allow.join(', '));
    throw new ServiceError('method_not_allowed', {
      path: 'method',
      received: request.method,
      allowed: allow.join(', '),
    });
  });
}
