import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, show } from '@repo/contract/input-error';

function pathIn(stateUrl: string): string {
  if (!stateUrl.startsWith('file:') || stateUrl.includes('\0')) return '';
  if (!stateUrl.startsWith('file://')) return stateUrl.slice('file:'.length);
  try {
    return fileURLToPath(stateUrl);
  } catch {
    return '';
  }
}

/**
 * The absolute path behind a state URL: `file:<path>`, relative to the workspace, or `file:///<absolute path>`.
 * Throws InputError for anything else.
 */
export function stateFolder(stateUrl: string, workspaceDir: string): string {
  const path = pathIn(stateUrl);
  if (path === '') {
    throw new InputError({
      path: 'CAUSEWAY_STATE',
      received: show(stateUrl),
      allowed: 'file:<path>, such as file:.causeway/state, or s3://<bucket>/<prefix>',
      action: 'name a folder or a bucket in this form',
    });
  }
  return resolve(workspaceDir, path);
}
