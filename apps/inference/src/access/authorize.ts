import type { IncomingHttpHeaders } from 'node:http';
import { sha256 } from '@repo/contract/canonical-json';
import { ServiceError } from '@repo/contract/service-error';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { bearerToken } from './bearer-token.ts';
import type { ApiKey } from './key-file.ts';

/**
 * Lets a request pass or throws ServiceError unauthenticated, forbidden or quota_exceeded; for a key without quota it answers at once.
 * `model` is null for what concerns no model, which any key may ask. Returns who asks, null where no keys are wanted.
 */
export type Authorize = (headers: IncomingHttpHeaders, model: string | null) => Promise<string> | string | null;

/** For a service that only this machine reaches: everyone may ask everything. */
export const allowAll: Authorize = () => null;

interface Holder extends ApiKey {
  readonly limiter: RateLimiterMemory | null;
}

function holderOf(key: ApiKey): Holder {
  const { requestsPerMinute: points } = key;
  return { ...key, limiter: points === undefined ? null : new RateLimiterMemory({ points, duration: 60 }) };
}

async function consume({ id, requestsPerMinute }: Holder, limiter: RateLimiterMemory): Promise<string> {
  try {
    await limiter.consume(id);
    return id;
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const received = `more than ${requestsPerMinute} requests within a minute`;
    const allowed = `${requestsPerMinute} requests a minute for each replica`;
    const retryAfterSeconds = Math.max(1, Math.ceil(error.msBeforeNext / 1000));
    throw new ServiceError('quota_exceeded', { path: `key ${id}`, received, allowed, retryAfterSeconds });
  }
}

/**
 * Wants `Authorization: Bearer <key>` with a key whose SHA-256 is among `keys`. A digest is looked up, not compared byte by byte: what time
 * that takes tells nothing about a key. Scopes and quotas are those of the key.
 */
export function createAuthorize(keys: readonly ApiKey[]): Authorize {
  const holders = new Map(keys.map((key) => [key.sha256, holderOf(key)]));
  return (headers, model) => {
    const given = bearerToken(headers);
    const path = 'authorization';
    if (given === undefined) throw new ServiceError('unauthenticated', { path, received: 'no bearer key' });
    const holder = holders.get(sha256(given));
    if (holder === undefined) throw new ServiceError('unauthenticated', { path, received: 'a key that is not known' });
    if (model !== null && !holder.models.includes('*') && !holder.models.includes(model)) {
      const allowed = holder.models.join(', ');
      throw new ServiceError('forbidden', { path, received: `key ${holder.id} for ${model.slice(0, 80)}`, allowed });
    }
    return holder.limiter === null ? holder.id : consume(holder, holder.limiter);
  };
}
