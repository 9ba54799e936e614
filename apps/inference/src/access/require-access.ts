import type { RequestHandler } from 'express';
import type { AppDeps } from '../app-deps.ts';

/**
 * Lets a request pass whose key may ask about the model of the path, or about no model where the path names none. It comes before
 * anything that tells one model from another. Throws as {@link Authorize}.
 */
export function requireAccess({ authorize }: Pick<AppDeps, 'authorize'>): RequestHandler {
  return async (request, _response, next) => {
    const { model } = request.params as { model?: string };
    await authorize(request.headers, model ?? null);
    next();
  };
}
