import { resolve } from 'node:path';
import { parseS3Url } from './s3-url.ts';
import { stateFolder } from './state-folder.ts';

/**
 * Absolute path of the folder for what stays on this machine although the state may lie elsewhere: online features in SQLite, champions
 * seen last, open segments of the prediction log. It is the folder behind a `file:` URL; behind `s3:` it is `.causeway/state` of the
 * workspace. Throws InputError for a URL of any other form.
 */
export function localStateDir(stateUrl: string, workspaceDir: string): string {
  return parseS3Url(stateUrl) === null
    ? stateFolder(stateUrl, workspaceDir)
    : resolve(workspaceDir, '.causeway', 'state');
}
