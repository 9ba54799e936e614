import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Whether one of these files declares a table of a database as raw data. What is in there is no file that Nx could see change, so that nothing
 * made from it may be cached. The files are read as text.
 */
export function readsDatabase(workspaceRoot: string, files: readonly string[]): boolean {
  return files.some((file) => {
    const path = join(workspaceRoot, file);
    return existsSync(path) && /\bsqlTable\s*\(/.test(readFileSync(path, 'utf8'));
  });
}
