import { resolve } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { stateFolder } from '@repo/registry/state-folder';
import type { Context } from './context.ts';

/** Path of the online store: what ONLINE_STORE (`sqlite:<path>`) says, else online.sqlite in the state folder. */
export function onlineStorePath({ stateUrl, onlineStore, workspace }: Context): string {
  if (onlineStore === undefined) return resolve(stateFolder(stateUrl, workspace.root), 'online.sqlite');
  if (/^sqlite:./.test(onlineStore)) return resolve(workspace.root, onlineStore.slice('sqlite:'.length));
  throw new InputError({
    path: 'ONLINE_STORE',
    received: show(onlineStore),
    allowed: 'sqlite:<path>',
    action: 'name a file in this form',
  });
}
