import { createFolderStore } from './folder-store.ts';
import type { ObjectStore } from './object-store.ts';
import { openObjects } from './open-objects.ts';
import { createRememberingStore } from './remembering-store.ts';

/** Objects of a registry, and the folder of this machine with copies of the bundles opened so far. */
export interface State {
  readonly store: ObjectStore;
  readonly localRoot: string;
}

/**
 * The objects of the registry below a state URL: in its folder, or in S3 with copies in the workspace, which may be deleted at any time. Throws
 * InputError for any other URL.
 */
export function openState(stateUrl: string, workspaceDir: string): State {
  const { store, localRoot, isRemote } = openObjects(stateUrl, workspaceDir, 'registry');
  return { store: isRemote ? createRememberingStore(store, createFolderStore(localRoot)) : store, localRoot };
}
