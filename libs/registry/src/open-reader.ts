import { join } from 'node:path';
import { createFolderStore } from './folder-store.ts';
import type { ObjectStore } from './object-store.ts';
import { s3Endpoint } from './s3-endpoint.ts';
import { createS3Store } from './s3-store.ts';
import { parseS3Url } from './s3-url.ts';
import { stateFolder } from './state-folder.ts';

/** Reads what others have written below a state URL. */
export type Reader = Pick<ObjectStore, 'get' | 'list'>;

/**
 * Reads a folder beside the registry, on this machine or in S3, whichever the state URL says. Nothing is asked until it is used, and nothing is
 * remembered: what is read may change. Throws InputError for a malformed URL.
 */
export function openReader(stateUrl: string, workspaceDir: string, folder: string): Reader {
  const location = parseS3Url(stateUrl);
  if (location === null) return createFolderStore(join(stateFolder(stateUrl, workspaceDir), folder));
  return createS3Store({ ...location, prefix: join(location.prefix, folder) }, s3Endpoint(process.env));
}
