import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder with its missing parents. Not `mkdir` with `recursive`: where a parent exists and yet nothing can be created in it,
 * as in /proc, Node tries forever.
 */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    const parent = dirname(path);
    if (code !== 'ENOENT' || parent === path) throw error;
    makeFolder(parent);
    mkdirSync(path);
  }
}
