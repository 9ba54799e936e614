import { resolve } from 'node:path';
import { localStateDir } from '@repo/registry/local-state-dir';
import type { Context } from './context.ts';

/** URL of the online store: what ONLINE_STORE says, else online.sqlite in the state folder of this machine. */
export function onlineStoreUrl({ stateUrl, onlineStore, workspace }: Context): string {
  return onlineStore ?? `sqlite:${resolve(localStateDir(stateUrl, workspace.root), 'online.sqlite')}`;
}
