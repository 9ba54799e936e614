import { canonicalJson } from '@repo/contract/canonical-json';
import { InputError, show } from '@repo/contract/input-error';
import { parseOrThrow } from '@repo/contract/parse';
import type { z } from 'zod';

/** Canonical JSON as UTF-8 bytes. */
export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}

/** Reads UTF-8 JSON against a schema; throws InputError naming `path`, also for what is no JSON at all. */
export function parseJson<T>(schema: z.ZodType<T>, content: Uint8Array, path: string): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    throw new InputError({
      path,
      received: show(new TextDecoder().decode(content.subarray(0, 80))),
      allowed: 'a whole JSON document in UTF-8',
      action: 'restore the file: it was cut or edited',
    });
  }
  return parseOrThrow(schema, value, path);
}
