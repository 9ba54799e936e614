import { createHash, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '@repo/contract/service-error';
import type { RequestHandler } from 'express';
import { bearerToken } from './access/bearer-token.ts';

/**
 * The token where Authorization does not arrive: the proxy of a Kubernetes API server keeps that header for itself.
 */
const ownHeader = 'x-admin-token';

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * Lets requests pass that carry the token as `Authorization: Bearer <token>` or `x-admin-token: <token>`. Throws ServiceError unauthenticated for any other, and
 * forbidden for all when no token was set. Digests of equal length are compared in a time that says nothing of the token.
 */
export function wantAdminToken(sha256: string | null): RequestHandler {
  const wanted = sha256 === null ? null : Buffer.from(sha256, 'hex');
  return ({ headers }, _response, next) => {
    if (wanted === null) {
      throw new ServiceError('forbidden', {
        path: 'environment.ADMIN_TOKEN_SHA256',
        received: 'nothing, so that nobody may change the state of the service',
        allowed: 'the SHA-256 of a token, in hexadecimal',
        action: 'make a token, set the variable to its SHA-256 and start the service again',
      });
    }
    const own = headers[ownHeader];
    const token = bearerToken(headers) ?? (typeof own === 'string' ? own : undefined);
    if (token !== undefined && timingSafeEqual(digestOf(token), wanted)) return next();
    throw new ServiceError('unauthenticated', {
      path: 'authorization',
      received: token === undefined ? 'no bearer token' : 'another token',
      allowed: 'Authorization: Bearer and the admin token',
      action: 'send the token whose SHA-256 is ADMIN_TOKEN_SHA256',
    });
  };
}
