import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { linkPackages } from './link-packages.ts';

/** A checkout of another commit, which lives as long as it is needed. */
export interface BaseWorkspace {
  readonly root: string;
  remove(): void;
}

const run = (root: string, ...args: string[]) =>
  execFileSync('git', args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });

/** Whether a name leads to a commit that is here. */
export function isCommit(root: string, name: string): boolean {
  try {
    run(root, 'rev-parse', '--verify', '--end-of-options', `${name}^{commit}`);
    return true;
  } catch {
    return false;
  }
}

/**
 * Checks out another commit of the workspace into a folder of its own, with the packages that are installed here: nothing is downloaded. Throws
 * InputError where there is no such commit.
 */
export function checkOutBase(root: string, commit: string): BaseWorkspace {
  if (!isCommit(root, commit)) {
    const allowed = 'a commit of this checkout';
    throw new InputError({ path: '--base', received: show(commit), allowed, action: 'name one, or fetch it first' });
  }
  const parent = mkdtempSync(join(tmpdir(), 'base-'));
  const folder = join(parent, 'workspace');
  const remove = (): void => {
    rmSync(parent, { recursive: true, force: true });
    run(root, 'worktree', 'prune');
  };
  try {
    run(root, 'worktree', 'add', '--detach', '--force', folder, commit);
    linkPackages(root, folder);
  } catch (error) {
    remove();
    throw error;
  }
  return { root: folder, remove };
}
