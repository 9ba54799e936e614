import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createFolderStore } from './folder-store.ts';
import type { ObjectStore } from './object-store.ts';
import { s3Endpoint } from './s3-endpoint.ts';
import { createS3Store } from './s3-store.ts';
import { parseS3Url } from './s3-url.ts';
import { stateFolder } from './state-folder.ts';

/** Objects below a folder of the state, wherever it lies. */
export interface Objects {
  readonly store: ObjectStore;
  /** The folder itself, or that of this machine with copies of what was fetched so far. */
  readonly localRoot: string;
  readonly isRemote: boolean;
  /** Path on this machine of an object, fetched the first time; null when there is none. */
  pathOf(key: string): Promise<string | null>;
}

/**
 * The objects in a folder below a state URL: in its folder, or in S3 with copies in `.causeway/cache/<server>/<bucket>/<prefix>` of the
 * workspace, which may be deleted at any time. Throws InputError for any other URL.
 */
export function openObjects(stateUrl: string, workspaceDir: string, folder: string): Objects {
  const location = parseS3Url(stateUrl);
  if (location === null) {
    const localRoot = join(stateFolder(stateUrl, workspaceDir), folder);
    const pathOf = async (key: string) => (existsSync(join(localRoot, key)) ? join(localRoot, key) : null);
    return { store: createFolderStore(localRoot), localRoot, isRemote: false, pathOf };
  }
  const endpoint = s3Endpoint(process.env);
  const server =
    endpoint === undefined ? 'aws' : (URL.parse(endpoint)?.host ?? 'other').replaceAll(/[^a-z0-9.-]/g, '-');
  const localRoot = resolve(workspaceDir, '.causeway', 'cache', server, location.bucket, location.prefix, folder);
  const store = createS3Store({ ...location, prefix: join(location.prefix, folder) }, endpoint);
  const copies = createFolderStore(localRoot);
  const pathOf = async (key: string) => {
    const path = join(localRoot, key);
    if (existsSync(path)) return path;
    const content = await store.get(key);
    if (content === null) return null;
    await copies.putIfAbsent(key, content);
    return path;
  };
  return { store, localRoot, isRemote: true, pathOf };
}
