import { join, resolve } from 'node:path';
import { createFolderStore } from './folder-store.ts';
import type { ObjectStore } from './object-store.ts';
import { createRememberingStore } from './remembering-store.ts';
import { s3Endpoint } from './s3-endpoint.ts';
import { createS3Store } from './s3-store.ts';
import { parseS3Url } from './s3-url.ts';
import { stateFolder } from './state-folder.ts';

/** Objects of a registry, and the folder of this machine with copies of the bundles opened so far. */
export interface State {
  readonly store: ObjectStore;
  readonly localRoot: string;
}

/**
 * The objects below a state URL: in its folder, or in S3 with copies in `.causeway/cache/<server>/<bucket>/<prefix>` of the workspace, which
 * may be deleted at any time. Throws InputError for any other URL.
 */
export function openState(stateUrl: string, workspaceDir: string): State {
  const location = parseS3Url(stateUrl);
  if (location === null) {
    const localRoot = join(stateFolder(stateUrl, workspaceDir), 'registry');
    return { store: createFolderStore(localRoot), localRoot };
  }
  const endpoint = s3Endpoint(process.env);
  const server =
    endpoint === undefined ? 'aws' : (URL.parse(endpoint)?.host ?? 'other').replaceAll(/[^a-z0-9.-]/g, '-');
  const localRoot = resolve(workspaceDir, '.causeway', 'cache', server, location.bucket, location.prefix, 'registry');
  const remote = createS3Store({ ...location, prefix: join(location.prefix, 'registry') }, endpoint);
  return { store: createRememberingStore(remote, createFolderStore(localRoot)), localRoot };
}
