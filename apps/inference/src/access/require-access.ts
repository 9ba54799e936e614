import type { RequestHandler } from 'express';
import type { AppDeps } from '../app-deps.ts';
import { refusals, refusing } from '../refusals.ts';

/**
 * Lets a request pass whose key may ask about the model of the path. It comes before anything that tells one model from another.
 * Throws as {@link Authorize}.
 */
export function requireAccess({ authorize }: Pick<AppDeps, 'authorize'>): RequestHandler {
  const handler: RequestHandler = async ({ headers, params }, _response, next) => {
    await authorize(headers, params.model as string);
    next();
  };
  return refusing(handler, refusals.key, refusals.scope);
}

/** Lets a request pass that carries any key, for what concerns no model. Throws as {@link Authorize}. */
export function requireKey({ authorize }: Pick<AppDeps, 'authorize'>): RequestHandler {
  const handler: RequestHandler = async ({ headers }, _response, next) => {
    await authorize(headers, null);
    next();
  };
  return refusing(handler, refusals.key);
}
