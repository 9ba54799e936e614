import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import { InputError, show } from './input-error.ts';

/**
 * Writes a value as canonical JSON (RFC 8785): keys sorted by UTF-16 code units, shortest numbers, no white space.
 * Throws InputError for what JSON cannot hold: NaN, infinities, bigint, and undefined or a function at the top. Inside, fields that are
 * undefined or functions are left out, as JSON.stringify does.
 */
export function canonicalJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = canonicalize(value as object);
  } catch (cause) {
    text = undefined;
    if (cause instanceof RangeError) throw cause;
  }
  if (text === undefined) {
    throw new InputError({
      path: '$',
      received: show(value),
      allowed: 'objects, arrays, strings, booleans, null and finite numbers',
      action: 'remove or replace what JSON cannot hold',
    });
  }
  return text;
}

/** SHA-256 of bytes or of a UTF-8 string, as 64 lower-case hexadecimal digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** The identity of a JSON value: `sha256:` and the SHA-256 of its canonical JSON. */
export function digestOf(value: unknown): string {
  return `sha256:${sha256(canonicalJson(value))}`;
}
