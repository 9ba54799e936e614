import { join } from 'node:path';
import type { ObjectStore } from './object-store.ts';
import { s3Endpoint } from './s3-endpoint.ts';
import { createS3Store } from './s3-store.ts';
import { parseS3Url } from './s3-url.ts';

/** Takes what a process has made to where it stays. */
export type Uploads = Pick<ObjectStore, 'putIfAbsent'>;

/**
 * Where files of a machine go beside the registry: a folder below a state URL in S3. Null for a state that lies on this machine, where they
 * are already. Nothing is asked until it is used. Throws InputError for a malformed URL.
 */
export function openUploads(stateUrl: string, folder: string): Uploads | null {
  const location = parseS3Url(stateUrl);
  if (location === null) return null;
  return createS3Store({ ...location, prefix: join(location.prefix, folder) }, s3Endpoint(process.env));
}
