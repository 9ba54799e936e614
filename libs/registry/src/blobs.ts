import { sha256 } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import type { ObjectStore } from './object-store.ts';

function keyOf(hash: string): string {
  return `blobs/${hash}`;
}

/**
 * Reads a blob by its SHA-256 (64 hexadecimal digits) and verifies it. Throws InputError when it is missing or damaged.
 */
export async function getBlob(store: ObjectStore, hash: string): Promise<Uint8Array> {
  const content = await store.get(keyOf(hash));
  const received = content === null ? 'nothing' : `content with sha256:${sha256(content)}`;
  if (content === null || received !== `content with sha256:${hash}`) {
    throw new InputError({
      path: `registry ${keyOf(hash)}`,
      received,
      allowed: `content with sha256:${hash}`,
      action: 'the registry is damaged: restore this file from a backup, or delete it and register the bundle again',
    });
  }
  return content;
}

/** Stores content under its SHA-256 and returns that. A blob that was there before is verified, not trusted. */
export async function putBlob(store: ObjectStore, content: Uint8Array): Promise<string> {
  const hash = sha256(content);
  if (!(await store.putIfAbsent(keyOf(hash), content))) await getBlob(store, hash);
  return hash;
}
