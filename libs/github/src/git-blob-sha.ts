import { createHash } from 'node:crypto';

/** The name that git gives a file's content: SHA-1 over its header and bytes, 40 hexadecimal digits. */
export function gitBlobSha(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}
