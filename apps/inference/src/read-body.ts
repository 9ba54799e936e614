import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip, createInflate } from 'node:zlib';
import { show } from '@repo/contract/input-error';
import { ServiceError } from '@repo/contract/service-error';
import type { Limits } from './config.ts';
import { pauseSeconds } from './turn-budget.ts';

const unpackers: Readonly<Record<string, () => ReturnType<typeof createGunzip>>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
};

function tooLarge({ maxBodyBytes }: Limits): ServiceError {
  const [received, allowed] = [`more than ${maxBodyBytes} bytes`, `at most ${maxBodyBytes} bytes, unpacked`];
  return new ServiceError('body_too_large', { path: 'body', received, allowed });
}

function tooSlow({ bodyTimeoutMs }: Limits): ServiceError {
  const [received, allowed] = [`no whole body after ${bodyTimeoutMs} ms`, `a whole body within ${bodyTimeoutMs} ms`];
  return new ServiceError('body_timeout', { path: 'body', received, allowed });
}

function tooMany({ maxReadingBytes }: Limits): ServiceError {
  const [received, allowed] = ['more bodies than it can hold', `at most ${maxReadingBytes} bytes on their way in`];
  return new ServiceError('overloaded', { path: 'service', received, allowed, retryAfterSeconds: pauseSeconds() });
}

/** Bytes that are held of bodies which are not whole yet, of all requests under the same limits. */
const reading = new WeakMap<Limits, { bytes: number }>();

function readingUnder(limits: Limits): { bytes: number } {
  const known = reading.get(limits);
  if (known !== undefined) return known;
  const made = { bytes: 0 };
  reading.set(limits, made);
  return made;
}

function broken(received: string, cause?: unknown): ServiceError {
  return new ServiceError('malformed_body', { path: 'body', received }, cause);
}

/** What the headers say that the body will be: refuses forms, packings that are not known, and bodies over the limit. */
function openBody(request: IncomingMessage, limits: Limits): ReturnType<typeof createGunzip> | null {
  const { headers } = request;
  const type = headers['content-type'];
  if (type !== undefined && /^(multipart\/|application\/x-www-form-urlencoded)/i.test(type)) {
    throw new ServiceError('unsupported_media_type', { path: 'content-type', received: show(type) });
  }
  if (Number(headers['content-length']) > limits.maxBodyBytes) throw tooLarge(limits);
  const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding === 'identity') return null;
  const create = Object.hasOwn(unpackers, encoding) ? unpackers[encoding] : undefined;
  if (create !== undefined) return create();
  throw new ServiceError('unsupported_encoding', { path: 'content-encoding', received: show(encoding) });
}

/**
 * Reads the whole body as bytes, unpacked. Content-Type does not decide what it is, as clients of the protocol send none or a wrong one;
 * only forms are refused. The limit holds for what arrives and for what it unpacks to, and is checked while it does, so that a packed
 * bomb is cut early; so is the one for all bodies that are not whole yet, or slow callers together could fill the memory. After an error nothing more is kept of the body; whoever answers decides what becomes of the connection.
 * Rejects with ServiceError unsupported_media_type, unsupported_encoding, body_too_large, body_timeout, malformed_body or overloaded.
 */
export function readBody(request: IncomingMessage, limits: Limits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const unpacker = openBody(request, limits);
    const source: Readable = unpacker ?? request;
    const all = readingUnder(limits);
    const chunks: Buffer[] = [];
    let size = 0;
    let settled = false;
    const settle = (error?: ServiceError): void => {
      if (settled) return;
      settled = true;
      all.bytes -= size;
      clearTimeout(timer);
      if (error === undefined) resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size));
      else {
        chunks.length = 0;
        unpacker?.destroy();
        // Without this the rest of the body would keep the connection from its next request.
        request.unpipe().resume();
        reject(error);
      }
    };
    const take = (chunk: Buffer): void => {
      if (settled) return;
      size += chunk.length;
      all.bytes += chunk.length;
      if (size > limits.maxBodyBytes) settle(tooLarge(limits));
      else if (all.bytes > limits.maxReadingBytes) settle(tooMany(limits));
      else chunks.push(chunk);
    };
    const left = (): void => {
      if (!request.complete) settle(broken('a body that broke off'));
    };
    const timer = setTimeout(() => settle(tooSlow(limits)), limits.bodyTimeoutMs);
    source.on('data', take).once('end', settle);
    request.once('close', left);
    if (unpacker === null) return;
    unpacker.once('error', (error) =>
      settle(broken('a body that does not unpack as its Content-Encoding says', error)),
    );
    request.pipe(unpacker);
  });
}
