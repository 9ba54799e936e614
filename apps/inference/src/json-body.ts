import { show } from '@repo/contract/input-error';
import { ServiceError } from '@repo/contract/service-error';
import express, { type Request, type RequestHandler } from 'express';
import type { Limits } from './config.ts';

/** Nesting beyond this is refused, so that nothing downstream need fear for its stack. */
const maxDepth = 100;
const [quote, backslash] = [0x22, 0x5c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

function isTooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (quoted) {
      if (byte === backslash) i++;
      else if (byte === quote) quoted = false;
    } else if (byte === quote) quoted = true;
    else if (byte === openBracket || byte === openBrace) {
      if (++depth > maxDepth) return true;
    } else if (byte === closeBracket || byte === closeBrace) depth--;
  }
  return false;
}

function refuse(received: string): never {
  throw new ServiceError('malformed_json', { path: 'body', received });
}

/** The body as JSON. Throws ServiceError malformed_json, also for a body that is missing, not UTF-8, or nested beyond 100 levels. */
export function jsonOf(request: Request): unknown {
  const bytes: unknown = request.body;
  if (!(bytes instanceof Uint8Array) || bytes.length === 0) refuse('nothing');
  if (isTooDeep(bytes)) refuse(`more than ${maxDepth} levels of nesting`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    refuse('bytes that are not UTF-8');
  }
  try {
    return JSON.parse(text);
  } catch {
    refuse(show(text));
  }
}

/** What body-parser says of a body that it could not read. */
function bodyError(error: { type?: string }, request: Request, { maxBodyBytes }: Limits): ServiceError {
  if (error.type === 'entity.too.large') {
    const [received, allowed] = [`more than ${maxBodyBytes} bytes`, `at most ${maxBodyBytes} bytes, unpacked`];
    return new ServiceError('body_too_large', { path: 'body', received, allowed });
  }
  if (error.type === 'encoding.unsupported') {
    const received = show(request.get('content-encoding'));
    return new ServiceError('unsupported_encoding', { path: 'content-encoding', received });
  }
  return new ServiceError(
    'malformed_body',
    { path: 'body', received: 'a body that does not unpack or broke off' },
    error,
  );
}

/**
 * Reads the whole body as bytes, unpacked and within the limit. Content-Type does not decide, as clients of the protocol send none or
 * a wrong one; only forms are refused. Throws ServiceError unsupported_media_type, unsupported_extension, body_too_large,
 * unsupported_encoding or malformed_body.
 */
export function readBody(limits: Limits): RequestHandler {
  const raw = express.raw({ type: () => true, limit: limits.maxBodyBytes });
  return (request, response, next) => {
    const type = request.get('content-type') ?? '';
    if (/^(multipart\/|application\/x-www-form-urlencoded)/i.test(type)) {
      throw new ServiceError('unsupported_media_type', { path: 'content-type', received: show(type) });
    }
    const binary = request.get('inference-header-content-length');
    if (binary !== undefined) {
      throw new ServiceError('unsupported_extension', {
        path: 'inference-header-content-length',
        received: show(binary),
      });
    }
    raw(request, response, (error?: unknown) => {
      next(error === undefined ? undefined : bodyError(error as { type?: string }, request, limits));
    });
  };
}
