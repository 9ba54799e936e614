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

/**
 * Checks out another commit of the workspace into a folder of its own, with the packages that are installed here: nothing is downloaded. Throws
 * InputError where there is no such commit.
 */
export function checkOutBase(root: string, commit: string): BaseWorkspace {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] });
  const parent = mkdtempSync(join(tmpdir(), 'base-'));
  const folder = join(parent, 'workspace');
  try {
    git('rev-parse', '--verify', '--end-of-options', `${commit}^{commit}`);
  } catch {
    rmSync(parent, { recursive: true });
    const allowed = 'a commit of this checkout';
    throw new InputError({ path: '--base', received: show(commit), allowed, action: 'name one, or fetch it first' });
  }
  const remove = (): void => {
    rmSync(parent, { recursive: true, force: true });
    git('worktree', 'prune');
  };
  try {
    git('worktree', 'add', '--detach', '--force', folder, commit);
    linkPackages(root, folder);
  } catch (error) {
    remove();
    throw error;
  }
  return { root: folder, remove };
}
